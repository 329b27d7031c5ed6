import { columnsThatFit } from './columns-that-fit.ts';

/** A column of a table for a terminal. */
export interface TextColumn<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly isNumber: boolean;
  /** 0 stays in any case; the highest goes first when the room is short. */
  readonly importance: number;
  /** Colours a cell that has its width already. */
  readonly paint?: (cell: string, row: Row) => string;
}

export const GAP = '  ';
const INDENT = '  ';

/** Lines of a table, its title row first; columns that do not fit `width` are left out by importance. */
export function textTable<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  width: number,
  indent = INDENT,
): string[] {
  const measured = columns.map((column) => {
    const cells = rows.map(column.text);
    return { ...column, cells, width: Math.max(column.title.length, ...cells.map((cell) => cell.length)) };
  });
  const shown = columnsThatFit(measured, width - indent.length + GAP.length, GAP.length);
  const line = (cellOf: (column: (typeof shown)[number]) => string): string =>
    `${indent}${shown.map(cellOf).join(GAP)}`.trimEnd();
  return [
    line((column) => padded(column.title, column)),
    ...rows.map((row, index) =>
      line((column) => {
        const cell = padded(column.cells[index]!, column);
        return column.paint === undefined ? cell : column.paint(cell, row);
      }),
    ),
  ];
}

/** Figures stand to the right. */
export function padded(
  text: string,
  { isNumber, width }: { readonly isNumber: boolean; readonly width: number },
): string {
  return isNumber ? text.padStart(width) : text.padEnd(width);
}
