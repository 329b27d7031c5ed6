/** A page and what must be seen in it. */
export interface CheckedPage {
  readonly file: string;
  readonly leastCharts: number;
  /** Each must stand in the text that a reader sees, in whatever case. */
  readonly texts: readonly string[];
  readonly views: keyof typeof VIEWS;
}

export interface View {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  readonly hasScripts: boolean;
}

const ALL: readonly View[] = [1280, 400].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((scheme) =>
    [true, false].map((hasScripts) => ({ width, scheme, hasScripts })),
  ),
);

/** `pairs`: half of them, in which each two of width, scheme and scripts still meet in every way. */
export const VIEWS = {
  all: ALL,
  pairs: ALL.filter(
    ({ width, scheme, hasScripts }) => (width === 1280) === ((scheme === 'light') === hasScripts),
  ),
} as const;
