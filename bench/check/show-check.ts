import { checkTerminalText } from '../../reports/check/check-terminal.ts';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { checkSource } from '../../reports/formats/format-sources.ts';
import type { CliIo } from '../commands/cli-io.ts';
import type { ExitCode } from '../exit-codes.ts';
import { refuseUnfitFormat, writeFormat } from '../formats/format-output.ts';
import { type CheckHistory, openCheckHistory } from '../history/check-history.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { announceInCi, announceNoVerdictInCi } from './announce-in-ci.ts';
import { exitCodeOfCheck } from './assemble-check.ts';
import type { CheckOptions } from './check-options.ts';
import { type CheckSeams, type ExecutedCheck, executeCheck } from './execute-check.ts';

export interface ShowOptions {
  readonly io: CliIo;
  /** The command line, without node and script. */
  readonly argv: readonly string[];
  readonly options: CheckOptions;
  readonly output: {
    /** The result as JSON on stdout. */
    readonly json: boolean;
    /** A format for another tool on stdout. */
    readonly format: FormatName | null;
    readonly quiet: boolean;
    readonly color: boolean;
    /** Where the check is added; null: nowhere. */
    readonly history?: { readonly file: string; readonly scenario: string } | null;
  };
  /** Replaced by tests. */
  readonly seams?: Partial<CheckSeams>;
}

/** Runs a check, tells what came out, and gives the exit code that stands for it. */
export async function showCheck(given: ShowOptions): Promise<ExitCode> {
  const { io, options, output } = given;
  const interrupt = listenForInterrupt(io);
  try {
    const { executed, history } = await runCheck(given, interrupt.signal).catch((error: unknown) => {
      announceNoVerdictInCi(io, error);
      throw error;
    });
    await show(io, executed, output);
    announceInCi(io, executed.check);
    history?.add(executed.check);
    return exitCodeOfCheck(executed.check, options.inconclusiveAs);
  } finally {
    interrupt.stop();
  }
}

async function runCheck(
  { io, argv, options, output, seams = {} }: ShowOptions,
  signal: AbortSignal,
): Promise<{ readonly executed: ExecutedCheck; readonly history: CheckHistory | null }> {
  if (output.format !== null) await refuseUnfitFormat(output.format, 'check');
  const history = output.history ? openCheckHistory(io, output.history) : null;
  const executed = await executeCheck({ io, argv, options, quiet: output.quiet, signal, seams });
  return { executed, history };
}

async function show(
  io: CliIo,
  { check, directory }: ExecutedCheck,
  { json, format, quiet, color }: ShowOptions['output'],
): Promise<void> {
  if (format !== null) {
    await writeFormat(io, { format, source: checkSource(check), directory, out: null });
    return;
  }
  const closing = `Evidence   ${directory}\nRepeat     ${check.command}\n`;
  if (json) {
    io.stdout.write(`${JSON.stringify(check, null, 2)}\n`);
    if (!quiet) io.stderr.write(closing);
    return;
  }
  io.stdout.write(`${checkTerminalText(check, { color, columns: io.stdout.columns })}\n${closing}`);
}
