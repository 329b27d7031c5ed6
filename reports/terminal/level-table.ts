import { columnsFor, type LevelColumn, levelText } from '../levels/level-columns.ts';
import type { Level, LevelTable } from '../levels/levels.ts';
import { seenFromText } from '../levels/table-legend.ts';
import { columnsThatFit } from './columns-that-fit.ts';
import { type Paint, type Painter, painter, type TerminalStyle } from './paint.ts';
import { GAP, padded } from './text-table.ts';
import { withoutControls } from './without-controls.ts';
import { wrapText } from './wrap-text.ts';

const MAX_WIDTH = 120;
const MAX_LABEL = 52;
const GRID_SEPARATOR = ' / ';

/** One row per level, grouped by factor with the base first; a grid is one group, fastest first. */
export function terminalTable(table: LevelTable, style: TerminalStyle): string {
  const groups = groupsOf(table);
  const levels = groups.flatMap((group) => group.levels);
  if (levels.length === 0) return 'No trial has finished.\n';
  const labels = levels.map((level) => ellipsized(labelIn(table, level), MAX_LABEL));
  const labelWidth = Math.max('level'.length, ...labels.map((label) => label.length)) + GAP.length;
  const columns = fittingColumns(levels, table.base, Math.min(style.width, MAX_WIDTH) - labelWidth);
  const paint = painter(style.color);
  const lines = [
    paint(
      'bold',
      row(
        'level',
        columns.map((column) => column.name),
        columns,
        labelWidth,
      ),
    ),
  ];
  for (const { title, levels: members } of groups) {
    lines.push(...headingLines(title, seenFromText(members), { paint, width: style.width }));
    for (const level of members) {
      const label = ellipsized(labelIn(table, level), MAX_LABEL);
      lines.push(levelRow(level, table.base, { label, columns, labelWidth, paint }));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What was varied and what could be seen, on one line where both fit. */
function headingLines(
  title: string | null,
  seen: string | null,
  { paint, width }: { readonly paint: Painter; readonly width: number },
): string[] {
  if (title === null && seen === null) return [];
  const heading = title === null ? [] : [paint('bold', title)];
  if (seen === null) return ['', ...heading];
  const text = `(${seen})`;
  const isShort = (title?.length ?? 0) + GAP.length + text.length <= Math.min(width, MAX_WIDTH);
  if (title === null || isShort) return ['', [...heading, paint('dim', text)].join(GAP)];
  return ['', ...heading, ...wrapText(text, width, GAP).map((line) => paint('dim', line))];
}

interface Group {
  readonly title: string | null;
  readonly levels: readonly Level[];
}

function groupsOf({ groups, all }: LevelTable): Group[] {
  if (groups.length > 0) return groups.map(({ property, levels }) => ({ title: property, levels }));
  const rate = (level: Level): number => level.recordsPerSecond?.mean ?? 0;
  const properties = Object.keys(all[0]?.settings ?? {});
  const title = properties.length > 1 ? properties.join(GRID_SEPARATOR) : null;
  return [{ title, levels: all.toSorted((a, b) => rate(b) - rate(a)) }];
}

/** A cell of a grid is named by its values alone, in the order of the properties in the title. */
function labelIn({ groups }: LevelTable, level: Level): string {
  const values = Object.values(level.settings);
  if (groups.length > 0 || values.length < 2) return levelText(level);
  return levelText({ ...level, label: values.join(GRID_SEPARATOR) });
}

interface MeasuredColumn extends LevelColumn {
  readonly width: number;
}

/** A percentile that most levels are too short for makes room for one that they have. */
const SELDOM_KNOWN = 7;

/** Drops columns from the least important on until the rest fits; level and records/s always stay. */
function fittingColumns(
  levels: readonly Level[],
  base: Level | null,
  room: number,
): readonly MeasuredColumn[] {
  const isSeldom = (column: LevelColumn): boolean =>
    levels.filter((level) => column.value(level) !== null).length * 2 < levels.length;
  const columns = columnsFor(levels).map((column) => ({
    ...column,
    importance: column.importance + (column.importance > 1 && isSeldom(column) ? SELDOM_KNOWN : 0),
    width: Math.max(column.name.length, ...levels.map((level) => column.text(level, base).length)),
  }));
  return columnsThatFit(columns, room, GAP.length);
}

interface RowStyle {
  readonly label: string;
  readonly columns: readonly MeasuredColumn[];
  readonly labelWidth: number;
  readonly paint: Painter;
}

function levelRow(level: Level, base: Level | null, { label, columns, labelWidth, paint }: RowStyle): string {
  const cells = columns.map((column) => column.text(level, base));
  const padded = padCells(cells, columns).map((cell, index) => {
    const { name } = columns[index]!;
    if (name === 'verified') return paint(verifiedPaint(level.verified), cell);
    return cell.trimStart().startsWith('~') ? paint('dim', cell) : cell;
  });
  const text = [`  ${label}`.padEnd(labelWidth), ...padded].join(GAP).trimEnd();
  return level.overloaded ? text.replace('overloaded', paint('yellow', 'overloaded')) : text;
}

function verifiedPaint(verified: string): Paint {
  if (verified === 'yes') return 'green';
  return verified === 'not known' || verified === 'offsets only' ? 'dim' : 'red';
}

function row(
  label: string,
  cells: readonly string[],
  columns: readonly MeasuredColumn[],
  labelWidth: number,
): string {
  return [`  ${label}`.padEnd(labelWidth), ...padCells(cells, columns)].join(GAP).trimEnd();
}

function padCells(cells: readonly string[], columns: readonly MeasuredColumn[]): string[] {
  return cells.map((cell, index) => padded(cell, columns[index]!));
}

function ellipsized(text: string, most: number): string {
  const clean = withoutControls(text);
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
}
