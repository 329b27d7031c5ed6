import type { Comparison } from '../../reports/compare/comparison.ts';
import { comparisonText } from '../../reports/compare/comparison-terminal.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { writeOut } from '../write-out.ts';

export interface ComparisonOutput {
  readonly comparison: Comparison;
  readonly heading: readonly string[];
  /** The rows alone; the notes go to stderr. */
  readonly json: boolean;
  /** A file instead of stdout; null: stdout. */
  readonly out: string | null;
  readonly color: boolean;
}

const FILE_WIDTH = 120;

/** Prints a comparison, or writes it to a file. */
export function writeComparison(io: CliIo, output: ComparisonOutput): void {
  const { comparison, heading, json, out, color } = output;
  const style = out === null ? { color, width: io.stdout.columns } : { color: false, width: FILE_WIDTH };
  const text = json
    ? `${JSON.stringify(comparison.rows, null, 2)}\n`
    : comparisonText(comparison, heading, style);
  if (json) for (const note of comparison.notes) io.stderr.write(`note: ${note}\n`);
  if (out === null) {
    io.stdout.write(text);
    return;
  }
  writeOut(io, out, text);
}
