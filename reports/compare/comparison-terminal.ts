import { isMetricName, METRICS, metricLabel } from '../figures/metrics.ts';
import { changeText, figureText, NO_FIGURE, pText } from '../number-text.ts';
import { geometricMean } from '../statistics/averages.ts';
import { type Paint, type Painter, painter, type TerminalStyle } from '../terminal/paint.ts';
import { type TextColumn, textTable } from '../terminal/text-table.ts';
import { withoutControls } from '../terminal/without-controls.ts';
import { wrapLines } from '../terminal/wrap-text.ts';
import type { Comparison, ComparisonRow } from './comparison.ts';

const MAX_WIDTH = 120;
const MIN_WIDTH = 40;
/** Of the width: names give way before figures do. */
const NAME_SHARE = 0.36;

/** A table per metric, or one for all where each side is one thing; then the notes. Ends with a line feed. */
export function comparisonText(
  comparison: Comparison,
  heading: readonly string[],
  { color, width }: TerminalStyle,
): string {
  const room = Math.max(MIN_WIDTH, Math.min(width, MAX_WIDTH));
  const paint = painter(color);
  const paragraphs = [
    wrapLines(heading, room),
    ...tables(comparison.rows).map((table) => tableText(table, room, paint)),
    wrapLines(legend(comparison), room),
    wrapLines(
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
      : [{ title: 'metric', rows: rows.map((row) => tableRow(metricLabel(row.metric), row)) }];
  }
  return [...Map.groupBy(rows, ({ metric }) => metric)].map(([metric, own]) => ({
    title: metricLabel(metric),
    rows: [...own.map((row) => tableRow(row.level ?? '', row)), ...geomeanRow(own)],
  }));
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
      p: pText(p),
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
  const base = geometricMean(whole.map((row) => row.base!));
  const candidate = geometricMean(whole.map((row) => row.candidate!));
  const change = changeText(candidate / base);
  const cells = { name: 'geomean', base: figureText(base), candidate: figureText(candidate), change };
  return [{ cells: { ...cells, '95 % interval': '', p: '', n: '' }, paint: 'dim' }];
}

const COLUMNS = ['base', 'candidate', 'change', '95 % interval', 'p', 'n'];
/** Columns left out where they do not fit, the highest first. */
const IMPORTANCE: Readonly<Partial<Record<string, number>>> = { n: 3, p: 2, base: 1 };

function tableText({ title, rows }: Table, room: number, paint: Painter): string {
  const names: TextColumn<TableRow> = {
    title: shortened(title, room),
    text: ({ cells }) => shortened(cells.name!, room),
    isNumber: false,
    importance: 0,
  };
  const figures = COLUMNS.map((name) => ({
    title: name,
    text: ({ cells }: TableRow) => cells[name]!,
    isNumber: true,
    importance: IMPORTANCE[name] ?? 0,
    paint: (cell: string, { paint: own }: TableRow) =>
      name === 'change' && own !== null && own !== 'dim' ? paint(own, cell) : cell,
  }));
  const [head, ...lines] = textTable(rows, [names, ...figures], room, '');
  return [
    paint('bold', head!),
    ...lines.map((line, index) => (rows[index]!.paint === 'dim' ? paint('dim', line) : line)),
  ].join('\n');
}

/** Of a long name the middle goes: it ends in its value. */
function shortened(name: string, room: number): string {
  const most = Math.floor(room * NAME_SHARE);
  const clean = withoutControls(name);
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
