import { isMetricName, METRICS } from '../metrics.ts';
import { changeText, figureText, NO_FIGURE } from '../number-text.ts';
import type { Comparison, ComparisonRow } from './comparison.ts';

export interface ComparisonStyle {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const MAX_WIDTH = 120;
const MIN_WIDTH = 40;
const GAP = '  ';
/** Of the width: names give way before figures do. */
const NAME_SHARE = 0.36;
const ANSI = { bold: 1, dim: 2, red: 31, green: 32 } as const;
type Paint = keyof typeof ANSI;

const TITLES: Readonly<Record<string, string>> = {
  recordsPerSecond: 'throughput, records/s',
  megabytesPerSecond: 'throughput, MB/s',
  latencyP50Ms: 'p50 latency, ms',
  latencyP90Ms: 'p90 latency, ms',
  latencyP99Ms: 'p99 latency, ms',
  cpuNsPerRecord: 'CPU, ns per record',
  requestsPerRecord: 'requests per record',
  compressionRatio: 'compressed over uncompressed bytes',
};

/** Columns left out where they do not fit, the first first. */
const DROPPED = ['n', 'p', 'base'];

/** A table per metric, or one for all where each side is one thing; then the notes. Ends with a line feed. */
export function comparisonText(
  comparison: Comparison,
  heading: readonly string[],
  { color, width }: ComparisonStyle,
): string {
  const room = Math.max(MIN_WIDTH, Math.min(width, MAX_WIDTH));
  const paint = painter(color);
  const paragraphs = [
    wrapped(heading, room),
    ...tables(comparison.rows).map((table) => tableText(table, room, paint)),
    wrapped(legend(comparison), room),
    wrapped(
      comparison.notes.map((note) => `note: ${note}.`),
      room,
    ),
  ];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}

interface Table {
  readonly title: string;
  readonly rows: readonly TableRow[];
}

interface TableRow {
  readonly cells: Readonly<Record<string, string>>;
  readonly paint: Paint | null;
}

function tables(rows: readonly ComparisonRow[]): Table[] {
  if (rows.every(({ level }) => level === null)) {
    return rows.length === 0
      ? []
      : [{ title: 'metric', rows: rows.map((row) => tableRow(titleOf(row.metric), row)) }];
  }
  return [...Map.groupBy(rows, ({ metric }) => metric)].map(([metric, own]) => ({
    title: titleOf(metric),
    rows: [...own.map((row) => tableRow(row.level ?? '', row)), ...geomeanRow(own)],
  }));
}

function titleOf(metric: string): string {
  return TITLES[metric] ?? metric;
}

function tableRow(name: string, row: ComparisonRow): TableRow {
  const { base, candidate, change, low, high, p, n, significant } = row;
  return {
    cells: {
      name,
      base: figureText(base),
      candidate: figureText(candidate),
      change: change === null ? NO_FIGURE : significant ? changeText(1 + change) : '~',
      '95 % interval':
        low === null || high === null ? NO_FIGURE : `${changeText(1 + low)} to ${changeText(1 + high)}`,
      p: p === null ? NO_FIGURE : p < 0.001 ? '<0.001' : p.toFixed(3),
      n: String(n),
    },
    paint: significant && change !== null ? paintOf(row.metric, change) : null,
  };
}

function paintOf(metric: string, change: number): Paint {
  const isHigherBetter = isMetricName(metric) && METRICS[metric].direction === 'higher is better';
  return change > 0 === isHigherBetter ? 'green' : 'red';
}

/** As benchstat has it: of levels that both have, so that the two means are of the same things. */
function geomeanRow(rows: readonly ComparisonRow[]): TableRow[] {
  const whole = rows.filter(({ change }) => change !== null);
  if (whole.length < 2) return [];
  const mean = (of: (row: ComparisonRow) => number): number =>
    Math.exp(whole.reduce((sum, row) => sum + Math.log(of(row)), 0) / whole.length);
  const [base, candidate] = [mean((row) => row.base!), mean((row) => row.candidate!)];
  const change = changeText(candidate / base);
  const cells = { name: 'geomean', base: figureText(base), candidate: figureText(candidate), change };
  return [{ cells: { ...cells, '95 % interval': '', p: '', n: '' }, paint: 'dim' }];
}

const COLUMNS = ['name', 'base', 'candidate', 'change', '95 % interval', 'p', 'n'];

function tableText(
  { title, rows }: Table,
  room: number,
  paint: (paint: Paint, text: string) => string,
): string {
  const head: Readonly<Record<string, string>> = {
    ...Object.fromEntries(COLUMNS.map((name) => [name, name])),
    name: title,
  };
  let columns = COLUMNS.map((name) => {
    const cells = [head[name]!, ...rows.map(({ cells }) => shown(name, cells[name]!, room))];
    return { name, width: Math.max(...cells.map((cell) => cell.length)) };
  });
  for (const dropped of DROPPED) {
    if (columns.reduce((sum, { width }) => sum + width + GAP.length, 0) > room)
      columns = columns.filter(({ name }) => name !== dropped);
  }
  const line = (cells: Readonly<Record<string, string>>): string[] =>
    columns.map(({ name, width }) => {
      const text = shown(name, cells[name]!, room);
      return name === 'name' ? text.padEnd(width) : text.padStart(width);
    });
  const body = rows.map(({ cells, paint: own }) => {
    const texts = line(cells);
    const change = columns.findIndex(({ name }) => name === 'change');
    if (own === null) return texts.join(GAP).trimEnd();
    if (own === 'dim') return paint('dim', texts.join(GAP).trimEnd());
    return texts.with(change, paint(own, texts[change]!)).join(GAP).trimEnd();
  });
  return [paint('bold', line(head).join(GAP).trimEnd()), ...body].join('\n');
}

/** Of a long name the middle goes: it ends in its value. */
function shown(column: string, text: string, room: number): string {
  const most = column === 'name' ? Math.floor(room * NAME_SHARE) : Number.POSITIVE_INFINITY;
  const clean = withoutControls(text);
  if (clean.length <= most) return clean;
  const end = Math.floor(most / 2);
  return `${clean.slice(0, most - 1 - end)}…${clean.slice(-end)}`;
}

function legend({ rows }: Comparison): string[] {
  const lines = ['Change is candidate over base.'];
  if (rows.some(({ significant }) => !significant)) {
    lines.push('~ no difference shown; the interval says how large it may still be.');
  }
  return [lines.join(' ')];
}

/** Lines broken at spaces; what is broken goes on with an indent. */
function wrapped(lines: readonly string[], width: number): string {
  return lines.flatMap((line) => wrappedLine(withoutControls(line), width)).join('\n');
}

function wrappedLine(line: string, width: number): string[] {
  const out: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    if (space <= rest.search(/\S/)) break;
    out.push(rest.slice(0, space));
    rest = `  ${rest.slice(space + 1)}`;
  }
  return [...out, rest];
}

/** Control characters of names never reach the terminal. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function painter(color: boolean): (paint: Paint, text: string) => string {
  return (paint, text) => (color ? `\u001b[${ANSI[paint]}m${text}\u001b[0m` : text);
}
