import { figureText, percentRangeText, signedPercentText } from '../number-text.ts';
import { withoutControls } from '../terminal/without-controls.ts';
import { metricDefinition } from './check-metrics.ts';
import type { CheckMetric, CheckResult, CheckVerdict } from './check-result.ts';
import { checkSentence } from './check-sentence.ts';
import { plotRows, svgPlot, textPlot } from './interval-plot.ts';

/**
 * A check as Markdown for a page of CI. `graph`: GitHub takes inline SVG out of summaries and shows no data: images, so
 * there the intervals are drawn in letters, which read everywhere; `svg` is for renderers that let HTML through.
 */
export function jobSummary(check: CheckResult, { graph }: { readonly graph: 'text' | 'svg' }): string {
  const { base, candidate, metrics, gates, notes } = check;
  const rows = plotRows(metrics, titleOf);
  const picture = graph === 'svg' ? svgPlot(rows) : `\`\`\`text\n${textPlot(rows)}\n\`\`\``;
  const parts = [
    `### ${MARKS[check.verdict]} Tidemark: ${checkSentence(check)}`,
    `\`${code(candidate.label)}\` (${plain(candidate.description)}) against \`${code(base.label)}\` (${plain(base.description)})`,
    table([HEAD, ...metrics.map((metric) => metricRow(metric, metric.metric === check.metric))]),
    picture,
  ];
  if (gates.length > 0) {
    const outcomes = gates.map(({ expression, verdict, message }) => [
      `\`${code(expression).replace(/\|/g, '\\|')}\``,
      verdict,
      plain(message),
    ]);
    parts.push(table([['gate', 'verdict', ''], ...outcomes]));
  }
  if (notes.length > 0) parts.push(notes.map((note) => `- ${plain(note)}`).join('\n'));
  parts.push(
    `${plain(check.environment.cpu)}, ${check.environment.cores} cores, Node ${plain(check.environment.node)}, Tidemark ${plain(check.environment.tidemark)}. To repeat it: \`${code(check.command)}\``,
  );
  return `${parts.join('\n\n')}\n`;
}

/** A page of CI for a check that came to none: why, indented so that nothing in it is markup. */
export function noVerdictSummary(reason: string): string {
  const lines = reason.split('\n').map((line) => `    ${withoutControls(line)}`);
  return `### ❗ Tidemark: no verdict\n\n${lines.join('\n')}\n`;
}

const MARKS: Readonly<Record<CheckVerdict, string>> = {
  'no regression': '✅',
  improvement: '✅',
  'minor slowdown': '⚠️',
  inconclusive: '❔',
  regression: '❌',
};

const HEAD = ['metric', 'base', 'candidate', 'change', 'interval', 'margin'];

function metricRow(metric: CheckMetric, isPrimary: boolean): readonly string[] {
  const { unit } = metricDefinition(metric.metric);
  const figure = (value: number | null): string =>
    value === null ? figureText(null) : `${figureText(value)} ${unit}`;
  return [
    isPrimary ? `**${titleOf(metric)}**` : titleOf(metric),
    figure(metric.base),
    figure(metric.candidate),
    signedPercentText(metric.change),
    percentRangeText(metric),
    signedPercentText(metric.direction === 'lower is better' ? metric.margin : -metric.margin),
  ];
}

function titleOf({ metric }: CheckMetric): string {
  return metricDefinition(metric).title;
}

function table(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, `|${' --- |'.repeat(rows[0]!.length)}`, ...body].join('\n');
}

/** Names and notes come from outside: no markup, no mention of people, no line of their own. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|#~]/g, '\\$&')
    .replace(/@/g, '@\u200b');
}

/** Inside backticks nothing can be escaped, but for what would end the cell of a table. */
function code(text: string): string {
  return oneLine(text).replace(/`/g, "'");
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
