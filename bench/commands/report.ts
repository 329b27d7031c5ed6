import { resolve } from 'node:path';
import { Command } from 'commander';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { usageError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatsHelp, parseFormatName, writeFormat } from '../formats/format-output.ts';
import { parsePath } from '../option-values.ts';
import { argument } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
With --format nothing else is written to stdout. A format of several files (github-action-benchmark, otava, omb)
also writes all of them into the directory; the first of them is the one on stdout.

Examples:
  $ tidemark report runs/quick-20260101-120000
  $ tidemark report runs/quick-20260101-120000 --format benchstat > new.txt
  $ tidemark report runs/quick-20260101-120000 --format junit --out junit.xml`;

interface ReportOptions {
  readonly color: boolean;
  readonly format?: FormatName;
  readonly out?: string;
}

/** `tidemark report DIR`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  return new Command('report')
    .description('make every report of a run again, from its result alone; or a format for another tool')
    .argument('<dir>', 'a run directory; with --format also that of a check or a comparison')
    .option('--format <name>', 'print a format for another tool (see below)', argument(parseFormatName))
    .option('--out <file>', 'write the format to a file instead of stdout', argument(parsePath))
    .option('--no-color', 'no colors (also when NO_COLOR is set)')
    .addHelpText('after', () => `${formatsHelp()}\n${EXAMPLES}`)
    .action(async (given: string, options: ReportOptions) => {
      const { resultDirectory } = await import('../formats/source-of-directory.ts');
      const directory = resultDirectory(given);
      await (options.format === undefined
        ? renderReports(io, directory, options)
        : printFormat(io, directory, { format: options.format, out: options.out ?? null }));
      done(EXIT.ok);
    });
}

async function renderReports(io: CliIo, directory: string, options: ReportOptions): Promise<void> {
  if (options.out !== undefined) {
    throw usageError('--out says where a format goes, and there is no --format; the reports go into <dir>');
  }
  const { renderAgain } = await import('../run/written-reports.ts');
  const { kindOfDirectory } = await import('../formats/source-of-directory.ts');
  const path = resolve(io.workingDirectory, directory);
  const kind = kindOfDirectory(path);
  if (kind !== 'run') {
    throw usageError(`${directory} holds a ${kind} and no run: name a format, such as --format markdown`);
  }
  const color = io.stdout.isTerminal && options.color && (io.env['NO_COLOR'] ?? '') === '';
  const text = await renderAgain(path, { color, columns: io.stdout.columns });
  io.stdout.write(`${text}\nReports written: ${directory}\n`);
}

async function printFormat(
  io: CliIo,
  directory: string,
  { format, out }: { readonly format: FormatName; readonly out: string | null },
): Promise<void> {
  const { sourceOfDirectory } = await import('../formats/source-of-directory.ts');
  const source = sourceOfDirectory(io, directory);
  await writeFormat(io, { format, source, directory, out });
}
