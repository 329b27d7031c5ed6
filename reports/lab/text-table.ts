/** A column of a table for a terminal. */
export interface TextColumn<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly isNumber: boolean;
  /** 0 stays in any case; the highest goes first when the room is short. */
  readonly importance: number;
}

const GAP = '  ';
const INDENT = '  ';

/** Lines of a table, its title row first; columns that do not fit `width` are left out by importance. */
export function textTable<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  width: number,
): string[] {
  let shown = columns.map((column) => {
    const cells = rows.map(column.text);
    return { ...column, cells, width: Math.max(column.title.length, ...cells.map((cell) => cell.length)) };
  });
  const total = () =>
    shown.reduce((sum, one) => sum + one.width, INDENT.length + GAP.length * (shown.length - 1));
  while (total() > width) {
    const least = Math.max(...shown.map(({ importance }) => importance));
    if (least === 0) break;
    shown = shown.toSpliced(
      shown.findLastIndex(({ importance }) => importance === least),
      1,
    );
  }
  const line = (cellOf: (column: (typeof shown)[number]) => string): string =>
    `${INDENT}${shown.map((one) => (one.isNumber ? cellOf(one).padStart(one.width) : cellOf(one).padEnd(one.width))).join(GAP)}`.trimEnd();
  return [line(({ title }) => title), ...rows.map((_, index) => line(({ cells }) => cells[index]!))];
}

/** Text broken at spaces: `first` begins its first line, blanks of the same width those that follow. */
export function wrapText(text: string, width: number, first = ''): string[] {
  const lines: string[] = [];
  let current = '';
  const room = width - first.length;
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > room) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].map((line, index) => (index === 0 ? first : ' '.repeat(first.length)) + line);
}
