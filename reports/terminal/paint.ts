export interface TerminalStyle {
  /** ANSI colours; the caller has looked at NO_COLOR and at the terminal. */
  readonly color: boolean;
  /** Columns of the terminal; the least important figures are left out when they do not fit. */
  readonly width: number;
}

const ANSI = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

export type Paint = keyof typeof ANSI;
export type Painter = (paint: Paint, text: string) => string;

/** Leaves text as it is without colours. */
export function painter(color: boolean): Painter {
  return (paint, text) => (color ? `\u001b[${ANSI[paint]}m${text}\u001b[0m` : text);
}
