interface SizedColumn {
  /** 0 stays in any case; the highest goes first. */
  readonly importance: number;
  readonly width: number;
}

/** Leaves out columns, the least important and of those the last one first, until all fit with a gap each; one stays. */
export function columnsThatFit<Column extends SizedColumn>(
  columns: readonly Column[],
  room: number,
  gap: number,
): readonly Column[] {
  let shown = columns;
  const total = (): number => shown.reduce((sum, { width }) => sum + width + gap, 0);
  while (total() > room && shown.length > 1) {
    const least = Math.max(...shown.map(({ importance }) => importance));
    if (least === 0) break;
    shown = shown.toSpliced(
      shown.findLastIndex(({ importance }) => importance === least),
      1,
    );
  }
  return shown;
}
