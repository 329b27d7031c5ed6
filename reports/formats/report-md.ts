import type { GateOutcome } from '../gates/gate-outcome.ts';
import { GATE_COLUMNS, gateCells, gateRemarks } from '../gates/gate-rows.ts';
import { findingsOf } from '../levels/findings.ts';
import { columnsFor, levelText } from '../levels/level-columns.ts';
import { type HistogramSource, type Level, type LevelTable, levelsOf } from '../levels/levels.ts';
import { seenFromText, tableLegend } from '../levels/table-legend.ts';
import { brokersText, memoryText } from '../number-text.ts';
import { partitionFigures } from '../partitions/partition-figures.ts';
import { publishedTable } from '../published/find-published.ts';
import type { ReportTable } from '../report-table.ts';
import type { Result } from '../result.ts';
import { markdownList, markdownTable, markdownText } from './markdown-text.ts';

/** The report as GitHub-flavoured Markdown. */
export function reportMarkdown(result: Result, source?: HistogramSource): string {
  const table = levelsOf(result, source);
  const findings = findingsOf(result, table);
  const sections = [
    `# Tidemark: ${markdownText(result.suite)}`,
    markdownList([...findings.general]),
    ...findings.factors.map(
      ({ property, sentences, caveats }) =>
        `**${markdownText(property)}**\n\n${markdownList([...sentences, ...caveats])}`,
    ),
    markdownList([...findings.grid]),
    ...gateSection(result.gates ?? []),
    ...tableSection(publishedTable(result, source, table)),
    ...tableSection(partitionFigures(result, table)),
    '## Levels',
    ...levelTables(table),
    markdownList(tableLegend(table.all)),
    ...(result.notes.length === 0 ? [] : ['## Notes', markdownList(result.notes)]),
    ...problemSection(result),
    '## To repeat it',
    fenced(result.command),
    environmentTable(result),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function levelTables({ groups, all, base }: LevelTable): string[] {
  if (groups.length === 0) return [levelTable('level', all, base)];
  return groups.map(({ property, levels }) => levelTable(property, levels, base));
}

function levelTable(heading: string, levels: readonly Level[], base: Level | null): string {
  const columns = columnsFor(levels);
  const rows = levels.map((level) => [
    levelText(level),
    ...columns.map((column) => column.text(level, base)),
  ]);
  const table = markdownTable([{ name: heading, isNumber: false }, ...columns], rows);
  const seen = seenFromText(levels);
  return seen === null ? table : `${table}\n\n${markdownText(heading)}: ${markdownText(seen)}.`;
}

function gateSection(gates: readonly GateOutcome[]): string[] {
  if (gates.length === 0) return [];
  const columns = GATE_COLUMNS.map((name) => ({ name, isNumber: false }));
  return ['## Gates', markdownTable(columns, gates.map(gateCells)), markdownList(gateRemarks(gates))];
}

function tableSection(section: ReportTable | null): string[] {
  if (section === null) return [];
  const { title, columns, rows, sentences } = section;
  return [`## ${markdownText(title)}`, markdownTable(columns, rows), markdownList(sentences)];
}

function problemSection(result: Result): string[] {
  const lines = result.trials.flatMap((trial) => [
    ...(trial.error === null ? [] : [`${trial.id}: ${trial.error}`]),
    ...trial.notes.map((note) => `${trial.id}: ${note}`),
  ]);
  return lines.length === 0 ? [] : ['## Trials', markdownList(lines)];
}

function environmentTable(result: Result): string {
  const { environment } = result;
  const target = result.trials[0]?.target;
  const rows: [string, string][] = [
    ['tidemark', environment.tidemark],
    ['seed', String(result.seed)],
    ['started', result.startedAt],
    ...(target === undefined
      ? []
      : [['target', `${target.kind}, ${brokersText(target.brokers)}`] as [string, string]]),
    ['Node', environment.node],
    ['CPU', `${environment.cpu}, ${environment.cores} cores`],
    ['memory', memoryText(environment.memoryBytes)],
    ['system', `${environment.os}, kernel ${environment.kernel}`],
    ...Object.entries(environment.packages),
    ...Object.entries(result.base),
  ];
  return markdownTable(
    [
      { name: 'setting', isNumber: false },
      { name: 'value', isNumber: false },
    ],
    rows,
  );
}

/** A fence longer than any in the text, so that nothing ends it early. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}
