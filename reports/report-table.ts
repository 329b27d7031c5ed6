/** A table beside that of the levels, and what is to be said about it: the same in the terminal, in Markdown and in HTML. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly string[])[];
  readonly sentences: readonly string[];
}

export interface ReportColumn {
  readonly name: string;
  readonly isNumber: boolean;
  /** 0 stays in any case when a table must become narrower, the highest goes first. */
  readonly importance: number;
}
