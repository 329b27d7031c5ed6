import { Command } from 'commander';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { usageError } from '../cli-error.ts';
import type { StoredComparison } from '../compare/compare-stored.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseFormatName, refuseFormatWithJson, writeFormat } from '../format-output.ts';
import { parsePath } from '../option-values.ts';
import { argument } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
Two run directories are compared level by level, and refused where environment, payload or configuration differ. What
was measured at different times is the weaker kind of evidence; --base and --candidate measure side by side.

Examples:
  $ tidemark compare runs/quick-20260101-120000 runs/quick-20260102-120000
  $ tidemark compare runs/before runs/after --format benchstat

Exit codes: 0 compared (whatever came out; tidemark check judges), 2 bad input.`;

interface CompareOptions {
  readonly force?: true;
  readonly json?: true;
  readonly format?: FormatName;
  readonly out?: string;
  readonly color: boolean;
}

/** `tidemark compare A B`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  return new Command('compare')
    .description('compare two runs, or two things to run now, with intervals, p and n')
    .argument('[base]', 'a run directory')
    .argument('[candidate]', 'another one')
    .option('--force', 'compare runs that differ in more than what is compared')
    .option('--json', 'print the rows as JSON instead of the tables')
    .option(
      '--format <name>',
      'print a format for another tool (tidemark report --help lists them)',
      argument(parseFormatName),
    )
    .option('--out <file>', 'write what would be printed to a file', argument(parsePath))
    .option('--no-color', 'no colors (also when NO_COLOR is set)')
    .addHelpText('after', EXAMPLES)
    .action(async (base: string | undefined, candidate: string | undefined, options: CompareOptions) => {
      refuseFormatWithJson(options.format ?? null, options.json === true);
      if (base === undefined || candidate === undefined) {
        throw usageError('expected two run directories, such as: tidemark compare runs/before runs/after');
      }
      const { compareStored } = await import('../compare/compare-stored.ts');
      await show(io, compareStored(io, [base, candidate], options.force === true), options);
      done(EXIT.ok);
    });
}

async function show(io: CliIo, compared: StoredComparison, options: CompareOptions): Promise<void> {
  const { comparison, heading, candidate } = compared;
  const out = options.out ?? null;
  if (options.format !== undefined) {
    const { comparisonSource } = await import('../../reports/format-sources.ts');
    const source = comparisonSource(comparison, {
      at: candidate.startedAt,
      environment: candidate.environment,
      ...(candidate.project === undefined ? {} : { project: candidate.project }),
    });
    await writeFormat(io, { format: options.format, source, directory: null, out });
    return;
  }
  const { writeComparison } = await import('../compare/write-comparison.ts');
  const isColored = io.stdout.isTerminal && options.color && (io.env['NO_COLOR'] ?? '') === '';
  writeComparison(io, { comparison, heading, json: options.json === true, out, color: isColored });
}
