/** Where progress goes: a terminal is redrawn, anything else gets lines. */
export interface ProgressOutput {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

const ERASE_LINE = '\r\x1b[2K';
const LEAST_COLUMNS = 20;

/** The last line of a terminal, drawn again and again. */
export class RedrawnLine {
  readonly #output: ProgressOutput;
  #isOpen = false;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  /** On a terminal only, and no more of it than one line holds. */
  draw(text: string): void {
    if (!this.#output.isTerminal) return;
    this.#output.write(`${ERASE_LINE}${text.slice(0, Math.max(LEAST_COLUMNS, this.#output.columns - 1))}`);
    this.#isOpen = true;
  }

  /** A line that stays, instead of what is drawn. */
  keep(text: string): void {
    this.clear();
    this.#output.write(`${text}\n`);
  }

  clear(): void {
    if (this.#isOpen) this.#output.write(ERASE_LINE);
    this.#isOpen = false;
  }
}
