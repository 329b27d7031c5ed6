import { resolve } from 'node:path';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { comparisonText } from '../../reports/compare/comparison-terminal.ts';
import { CliError, reasonOf } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { EXIT } from '../exit-codes.ts';

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
  try {
    writeFileAtomically(resolve(io.workingDirectory, out), text);
  } catch (error) {
    throw new CliError(`${out} cannot be written: ${reasonOf(error)}`, EXIT.failed, error);
  }
  io.stderr.write(`Written: ${out}\n`);
}
