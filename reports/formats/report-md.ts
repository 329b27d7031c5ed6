import { findingsOf } from '../findings.ts';
import type { GateOutcome } from '../gates/gate-outcome.ts';
import { GATE_COLUMNS, gateCells, gateRemarks } from '../gates/gate-rows.ts';
import { type HistogramSource, type Level, type LevelTable, levelsOf } from '../levels.ts';
import { brokersText, memoryText } from '../number-text.ts';
import { partitionFigures } from '../partitions/partition-figures.ts';
import { publishedTable } from '../published/find-published.ts';
import type { ReportTable } from '../report-table.ts';
import type { Result } from '../result.ts';
import { columnsFor, levelText } from './level-columns.ts';
import { seenFromText, tableLegend } from './table-legend.ts';

/** The report as GitHub-flavoured Markdown. */
export function reportMarkdown(result: Result, source?: HistogramSource): string {
  const table = levelsOf(result, source);
  const findings = findingsOf(result, table);
  const sections = [
    `# Tidemark: ${escaped(result.suite)}`,
    list([...findings.general]),
    ...findings.factors.map(
      ({ property, sentences, caveats }) => `**${escaped(property)}**\n\n${list([...sentences, ...caveats])}`,
    ),
    list([...findings.grid]),
    ...gateSection(result.gates ?? []),
    ...tableSection(publishedTable(result, source, table)),
    ...tableSection(partitionFigures(result, table)),
    '## Levels',
    ...levelTables(table),
    list(tableLegend(table.all)),
    ...(result.notes.length === 0 ? [] : ['## Notes', list(result.notes)]),
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
  const head = [heading, ...columns.map((column) => column.name)];
  const aligned = ['---', ...columns.map((column) => (column.isNumber ? '---:' : '---'))];
  const rows = levels.map((level) => [
    levelText(level),
    ...columns.map((column) => column.text(level, base)),
  ]);
  const seen = seenFromText(levels);
  const after = seen === null ? [] : ['', `${escaped(heading)}: ${escaped(seen)}.`];
  return [tableRow(head), `| ${aligned.join(' | ')} |`, ...rows.map(tableRow), ...after].join('\n');
}

function gateSection(gates: readonly GateOutcome[]): string[] {
  if (gates.length === 0) return [];
  const rows = [GATE_COLUMNS, GATE_COLUMNS.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`);
  return ['## Gates', [...rows, ...gates.map(gateCells).map(tableRow)].join('\n'), list(gateRemarks(gates))];
}

function tableSection(section: ReportTable | null): string[] {
  if (section === null) return [];
  const { title, columns, rows, sentences } = section;
  const aligned = columns.map(({ isNumber }) => (isNumber ? '---:' : '---'));
  const table = [
    tableRow(columns.map(({ name }) => name)),
    `| ${aligned.join(' | ')} |`,
    ...rows.map(tableRow),
  ];
  return [`## ${escaped(title)}`, table.join('\n'), list(sentences)];
}

function problemSection(result: Result): string[] {
  const lines = result.trials.flatMap((trial) => [
    ...(trial.error === null ? [] : [`${trial.id}: ${trial.error}`]),
    ...trial.notes.map((note) => `${trial.id}: ${note}`),
  ]);
  return lines.length === 0 ? [] : ['## Trials', list(lines)];
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
  return ['| setting | value |', '| --- | --- |', ...rows.map(tableRow)].join('\n');
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escaped(item)}`).join('\n');
}

/** A fence longer than any in the text, so that nothing ends it early. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

/** Text that is no markup: what Markdown, GitHub's HTML and tables would take for their own is escaped. */
function escaped(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(/[\\`*_[\]|~#!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/(^|\s)([-+]|\d+\.)(?=\s)/g, '$1\\$2')
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/@/g, '&#64;');
}
