import type { ComparisonRow } from '../compare/comparison.ts';
import type { Figure, FigureSet } from '../figures/figures.ts';
import { metricLabel } from '../figures/metrics.ts';
import { changeText, figureText, NO_FIGURE, pText } from '../number-text.ts';
import type { Format, FormatSource } from './format.ts';
import { markdownList, markdownTable, markdownText } from './markdown-text.ts';

/** What a job summary or a comment shows: the verdict, one table with intervals, the gates and what failed. */
export const markdown: Format = {
  of: ['run', 'comparison', 'check'],
  render: (source) => {
    const { figures: set } = source;
    const sections = [
      `## Tidemark: ${markdownText(set.name)}`,
      set.verdict === null ? '' : `**${markdownText(set.verdict)}**`,
      tableOf(source),
      markdownList(set.legend),
      gateTable(set),
      problems(set),
      markdownList(set.notes),
      closingLine(set),
    ];
    return [{ fileName: 'summary.md', text: `${sections.filter((text) => text !== '').join('\n\n')}\n` }];
  },
};

function tableOf(source: FormatSource): string {
  switch (source.kind) {
    case 'run':
      return runTable(source.figures.figures);
    case 'comparison':
      return comparisonTable(source.comparison.rows);
    case 'check': {
      const isSignificant = ({ low, high }: { low: number; high: number }): boolean => low > 0 || high < 0;
      return comparisonTable(
        source.check.metrics.map((metric) => ({
          ...metric,
          level: null,
          n: metric.sessionLogRatios.length,
          significant: isSignificant(metric),
        })),
      );
    }
  }
}

/** What a summary has room for; the whole lies in the report. */
const RUN_COLUMNS = ['recordsPerSecond', 'latencyP50Ms', 'latencyP99Ms', 'cpuNsPerRecord'] as const;

function runTable(figures: readonly Figure[]): string {
  const levels = Map.groupBy(figures, ({ level }) => level ?? '');
  if (levels.size === 0) return '';
  const columns = RUN_COLUMNS.filter((metric) => figures.some((figure) => figure.metric === metric));
  const rows = [...levels].map(([level, own]) => {
    const remarks = new Set(own.flatMap(({ remark }) => (remark === null ? [] : [remark])));
    const cells = columns.map((metric) => {
      const figure = own.find((one) => one.metric === metric);
      return figure === undefined ? NO_FIGURE : withInterval(figure);
    });
    const trials = Math.max(0, ...own.map(({ samples }) => samples.length));
    return [remarks.size === 0 ? level : `${level} (${[...remarks].join(', ')})`, ...cells, String(trials)];
  });
  return markdownTable(
    [
      { name: 'level', isNumber: false },
      ...columns.map((metric) => ({ name: metricLabel(metric), isNumber: true })),
      { name: 'n', isNumber: true },
    ],
    rows,
  );
}

/** `~` in front of what was not shown to differ from the base. */
function withInterval({ value, low, high, isLike }: Figure): string {
  const interval = low === null || high === null ? '' : ` (${figureText(low)} to ${figureText(high)})`;
  return `${isLike ? '~' : ''}${figureText(value)}${interval}`;
}

function comparisonTable(rows: readonly ComparisonRow[]): string {
  const hasLevels = rows.some(({ level }) => level !== null);
  const cells = rows.map((row) => [
    ...(hasLevels ? [row.level ?? ''] : []),
    metricLabel(row.metric),
    figureText(row.base),
    figureText(row.candidate),
    differenceText(row),
    row.low === null || row.high === null
      ? NO_FIGURE
      : `${changeText(1 + row.low)} to ${changeText(1 + row.high)}`,
    pText(row.p),
    String(row.n),
  ]);
  return markdownTable(
    [
      ...(hasLevels ? [{ name: 'level', isNumber: false }] : []),
      { name: 'metric', isNumber: false },
      ...['base', 'candidate', 'difference', 'interval', 'p', 'n'].map((name) => ({ name, isNumber: true })),
    ],
    cells,
  );
}

/** As benchstat has it: what is not significant is no difference. */
function differenceText({ change, significant }: Pick<ComparisonRow, 'change' | 'significant'>): string {
  if (change === null) return NO_FIGURE;
  return significant ? changeText(1 + change) : '~';
}

const VERDICT_MARKS = { pass: '✅ pass', fail: '❌ fail', inconclusive: '❔ inconclusive' } as const;

function gateTable({ gates }: FigureSet): string {
  if (gates.length === 0) return '';
  const hasLevels = gates.some(({ level }) => level !== null);
  const columns = ['gate', 'verdict', ...(hasLevels ? ['level'] : []), 'what was seen'];
  const rows = gates.map(({ expression, verdict, level, message }) => [
    expression,
    VERDICT_MARKS[verdict],
    ...(hasLevels ? [level ?? ''] : []),
    message,
  ]);
  return markdownTable(
    columns.map((name) => ({ name, isNumber: false })),
    rows,
  );
}

function problems({ failures }: FigureSet): string {
  return markdownList(failures.map(({ name, reason }) => `❌ ${name}: ${reason}`));
}

function closingLine({ figures, intervals, environment, commit }: FigureSet): string {
  const hasIntervals = figures.some(({ low, high }) => low !== null || high !== null);
  const machine =
    environment === null
      ? []
      : [`${environment.cpu}, ${environment.cores} cores`, `tidemark ${environment.tidemark}`];
  const words = [
    ...(hasIntervals ? [intervals] : []),
    ...machine,
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
  ];
  return words.length === 0 ? '' : `<sub>${markdownText(words.join('; '))}</sub>`;
}
