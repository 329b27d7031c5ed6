import type { Comparison } from './comparison.ts';
import type { MedianFigure, RatioFigure } from './intervals.ts';
import { describeScenario, LINGER_MS, MAX_IN_FLIGHT, PARTITIONS } from './scenarios.ts';
import type { ClientSummary, ScenarioSummary } from './summary.ts';

const HEAD = [
  'client',
  'M records/s',
  'MB/s',
  'CPU ns/record',
  'stored B/record',
  'rate: Tidemark is',
  'CPU: Tidemark is',
];
/** Below it no interval covers 95 %. */
const ROUNDS_FOR_INTERVAL = 6;

function medianText(figure: MedianFigure, scale: number, digits: number): string {
  const text = (value: number): string => (value / scale).toFixed(digits);
  const range = figure.n === 1 ? '' : ` [${text(figure.low)}, ${text(figure.high)}]`;
  return text(figure.median) + range;
}

function ratioText(figure: RatioFigure | null): string {
  if (figure === null) return '';
  const range = figure.n === 1 ? '' : ` [${figure.low.toFixed(2)}, ${figure.high.toFixed(2)}]`;
  return `${figure.ratio.toFixed(2)}x${range}`;
}

function clientRow(summary: ClientSummary, recordSizeBytes: number): string[] {
  const { recordsPerSecond, storedBytesPerRecord } = summary;
  return [
    `${summary.client} ${summary.version}`,
    medianText(recordsPerSecond, 1e6, 3),
    ((recordsPerSecond.median * recordSizeBytes) / 1e6).toFixed(0),
    medianText(summary.cpuNsPerRecord, 1, 0),
    storedBytesPerRecord === null ? '-' : storedBytesPerRecord.toFixed(1),
    ratioText(summary.rateRatio),
    ratioText(summary.cpuRatio),
  ];
}

function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** What the figures are, in sentences. */
export function explain(comparison: Comparison): string[] {
  const { rounds, warmupMs, windowMs, machine, broker, seed } = comparison;
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, Java ${machine.java ?? 'absent'}; ${broker}; ${comparison.date}.`,
    `${PARTITIONS} partitions, linger.ms=${LINGER_MS}, ${MAX_IN_FLIGHT} requests in flight; warm-up ${warmupMs / 1000} s (Java: three times that), window ${windowMs / 1000} s; order seeded with ${seed}.`,
    rounds >= ROUNDS_FOR_INTERVAL
      ? `Medians of ${rounds} rounds with the interval that holds the true median with at least 95 %; ratios are taken within rounds: geometric mean and 95 % t interval of the logarithms, n = ${rounds}.`
      : `Medians of ${rounds} rounds, smallest and largest in brackets: fewer than ${ROUNDS_FOR_INTERVAL} rounds have no 95 % interval of the median. Ratios are taken within rounds: geometric mean and 95 % t interval of the logarithms, n = ${rounds}.`,
    'CPU is user and system time of the client process alone. Every trial: the log grew by exactly what the client says was acknowledged.',
  ];
  for (const { client, reason } of comparison.unused) lines.push(`Not measured: ${client}: ${reason}`);
  for (const { client, scenario, round, reason } of comparison.failures)
    lines.push(`FAILED: ${client} in ${scenario}, round ${round}: ${reason}`);
  return lines;
}

/** Plain text with aligned columns. */
export function terminalText(comparison: Comparison): string {
  const sections = comparison.scenarios.map(({ scenario, clients }) => {
    const rows = [HEAD, ...clients.map((client) => clientRow(client, scenario.recordSizeBytes))];
    const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    const lines = rows.map((row) =>
      `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
    );
    const settings = clients.map((client) => `    ${client.client}: ${settingsText(client.settings)}`);
    return [
      `${scenario.name}: ${describeScenario(scenario)}`,
      ...lines,
      '  Effective settings:',
      ...settings,
    ].join('\n');
  });
  return `${[...sections, explain(comparison).join('\n')].join('\n\n')}\n`;
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function markdownSection({ scenario, clients }: ScenarioSummary): string {
  const figures = [
    markdownRow(HEAD),
    markdownRow(HEAD.map(() => '---')),
    ...clients.map((client) => markdownRow(clientRow(client, scenario.recordSizeBytes))),
  ];
  const settings = clients.map(
    (client) => `- ${client.client} ${client.version}: \`${settingsText(client.settings)}\``,
  );
  return [
    `### ${describeScenario(scenario)}`,
    figures.join('\n'),
    `Effective settings (\`--scenario ${scenario.name}\`):`,
    settings.join('\n'),
  ].join('\n\n');
}

/** For docs/performance.md. */
export function markdownText(comparison: Comparison): string {
  const notes = [...explain(comparison), `Command: \`${comparison.command}\``];
  return `${[notes.map((note) => `- ${note.replaceAll('\n', ' ')}`).join('\n'), ...comparison.scenarios.map(markdownSection)].join('\n\n')}\n`;
}

const BEGIN = '<!-- figures of npm run bench:peers: begin -->';
const END = '<!-- figures of npm run bench:peers: end -->';

/** The document with its figures replaced where it has the two marks; null when it has not. */
export function replaceFigures(document: string, markdown: string): string | null {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) return null;
  return `${document.slice(0, begin + BEGIN.length)}\n\n${markdown}\n${document.slice(end)}`;
}
