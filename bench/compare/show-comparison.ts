import { type ComparisonResult, comparisonOf, contextOf } from '../../reports/compare/comparison-result.ts';
import { comparisonText } from '../../reports/compare/comparison-terminal.ts';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { comparisonSource } from '../../reports/formats/format-sources.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { refuseUnfitFormat, writeFormat } from '../formats/format-output.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { CompareOptions } from './compare-options.ts';
import { type CompareSeams, type ExecutedComparison, executeComparison } from './execute-comparison.ts';

export interface ShowComparisonOptions {
  readonly io: CliIo;
  /** The command line, without node and script. */
  readonly argv: readonly string[];
  readonly options: CompareOptions;
  readonly output: {
    /** The rows as JSON on stdout. */
    readonly json: boolean;
    /** A format for another tool on stdout. */
    readonly format: FormatName | null;
    readonly quiet: boolean;
    readonly color: boolean;
  };
  /** Replaced by tests. */
  readonly seams?: Partial<CompareSeams>;
}

/** Measures two things side by side, now, and tells what came out. Rejects as executeComparison does. */
export async function showComparison(given: ShowComparisonOptions): Promise<void> {
  const { io, argv, options, output, seams = {} } = given;
  if (output.format !== null) await refuseUnfitFormat(output.format, 'comparison');
  const interrupt = listenForInterrupt(io);
  try {
    const { signal } = interrupt;
    await show(
      io,
      await executeComparison({ io, argv, options, quiet: output.quiet, signal, seams }),
      output,
    );
  } finally {
    interrupt.stop();
  }
}

async function show(
  io: CliIo,
  { result, directory }: ExecutedComparison,
  { json, format, quiet, color }: ShowComparisonOptions['output'],
): Promise<void> {
  const comparison = comparisonOf(result);
  if (format !== null) {
    const source = comparisonSource(comparison, contextOf(result));
    await writeFormat(io, { format, source, directory, out: null });
    return;
  }
  const closing = `Evidence   ${directory}\nRepeat     ${result.command}\n`;
  if (json) {
    io.stdout.write(`${JSON.stringify(result.rows, null, 2)}\n`);
    for (const note of result.notes) io.stderr.write(`note: ${note}\n`);
    if (!quiet) io.stderr.write(closing);
    return;
  }
  const text = comparisonText(comparison, headingOf(result), { color, width: io.stdout.columns });
  io.stdout.write(`${text}\n${closing}`);
}

function headingOf({ base, candidate, environment, sessions, seconds }: ComparisonResult): string[] {
  const { cpu, cores, node, os } = environment;
  return [
    `base:       ${sideText(base)}`,
    `candidate:  ${sideText(candidate)}`,
    `both:       ${sessions} sessions, ${Math.round(seconds)} s; ${cpu}, ${cores} cores, Node ${node}, ${os}`,
  ];
}

function sideText({ label, description }: ComparisonResult['base']): string {
  return description === '' || description === label ? label : `${label} (${description})`;
}
