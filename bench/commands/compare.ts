import { Command } from 'commander';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { usageError } from '../cli-error.ts';
import { SIDE_FORMS } from '../duet/resolve-side.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseFormatName, refuseFormatWithJson, writeFormat } from '../formats/format-output.ts';
import { parsePath } from '../option-values.ts';
import {
  addDriverOptions,
  addLoadOptions,
  LOAD_OPTION_NAMES,
  type LoadOptions,
  readLoadOptions,
} from '../paired/load-options.ts';
import { argument, count } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const DEFAULT_SESSIONS = 8;

const HELP = `
Two run directories are compared level by level, and refused where environment,
payload or configuration differ. What was measured at different times is the
weaker kind of evidence: --base and --candidate measure both now, in turns, in
sessions of fresh processes of about ten seconds. The options from --sessions to
--seed are for these two.

Sides:
${SIDE_FORMS.replace(/^/gm, '  ')}

A comparison judges nothing: what must hold is for tidemark check, and for
--gate there and in tidemark run.

Examples:
  $ tidemark compare runs/quick-20260101-120000 runs/quick-20260102-120000
  $ tidemark compare runs/before runs/after --format benchstat
  $ tidemark compare --base acks=1 --candidate acks=all --record-size 1KiB
  $ tidemark compare --base client:kafkajs --candidate client:tidemark
  $ tidemark compare --base git:main --candidate . --sessions 12

Exit codes:
  0    compared, whatever came out
  2    bad input
  3    a side failed, or its records do not add up
  4    a side does not build or start, or the target cannot be reached
  130  interrupted`;

interface CommandOptions extends LoadOptions {
  readonly force?: true;
  readonly base?: string;
  readonly candidate?: string;
  readonly sessions?: number;
  readonly latency: boolean;
  readonly json?: true;
  readonly format?: FormatName;
  readonly out?: string;
  readonly quiet?: true;
  readonly color: boolean;
}

/** `tidemark compare A B`: `done` gets the exit code. */
export function createCommand(io: CliIo, argv: readonly string[], done: (code: ExitCode) => void): Command {
  const command = new Command('compare')
    .description('compare two runs, or two things to run now, with intervals, p and n')
    .argument('[base]', 'a run directory')
    .argument('[candidate]', 'another one');
  addStoredOptions(command);
  addLiveOptions(command);
  addOutputOptions(command);
  return command
    .addHelpText('after', HELP)
    .action(async (base: string | undefined, candidate: string | undefined, options: CommandOptions) => {
      refuseFormatWithJson(options.format ?? null, options.json === true);
      const given = { directories: [base, candidate].filter((one) => one !== undefined), options };
      await (isLive(command, given) ? showLive(io, argv, options) : showStored(io, given));
      done(EXIT.ok);
    });
}

function addStoredOptions(command: Command): void {
  command.option('--force', 'compare runs that differ in more than what is compared');
}

function addLiveOptions(command: Command): void {
  command
    .option('--base <side>', 'measure this now, in turns with --candidate', argument(parsePath))
    .option('--candidate <side>', 'what is compared with it', argument(parsePath))
    .option(
      '--sessions <n>',
      `sessions of fresh processes, at least 6 (default: ${DEFAULT_SESSIONS})`,
      count(6, 100),
    )
    .option('--no-latency', 'no latency: sessions of about seven seconds');
  addDriverOptions(command);
  addLoadOptions(command);
}

function addOutputOptions(command: Command): void {
  command
    .option(
      '--out <path>',
      'of two runs: a file for what would be printed; with --base and --candidate: the directory, which must not exist (default: runs/compare-<time>)',
      argument(parsePath),
    )
    .option('--json', 'print the rows as JSON instead of the tables')
    .option(
      '--format <name>',
      'print a format for another tool (tidemark report --help lists them)',
      argument(parseFormatName),
    )
    .option('--quiet', 'no progress')
    .option('--no-color', 'no colors (also when NO_COLOR is set)');
}

interface Given {
  readonly directories: readonly string[];
  readonly options: CommandOptions;
}

const LIVE_ONLY: readonly string[] = ['sessions', 'latency', ...LOAD_OPTION_NAMES];

/** Whether two things are to be run now; refuses what mixes both kinds (exit 2). */
function isLive(command: Command, { directories, options }: Given): boolean {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const sides = [options.base, options.candidate].filter((side) => side !== undefined);
  if (sides.length > 0 && directories.length > 0) {
    throw usageError(
      `got the run directory ${directories[0]} and --base or --candidate: run directories are compared as they are, --base and --candidate are measured now; give the ones or the others`,
    );
  }
  if (sides.length === 1) {
    throw usageError(
      `--${options.base === undefined ? 'base' : 'candidate'} is missing: a comparison has two sides`,
    );
  }
  if (sides.length === 2 && options.force === true) {
    throw usageError('--force is for stored runs: what is measured now has one environment');
  }
  const strays = LIVE_ONLY.filter(given);
  if (sides.length === 0 && strays.length > 0) {
    const flags = command.options.filter((option) => strays.includes(option.attributeName()));
    throw usageError(`${flags.map(({ long }) => long).join(', ')}: only with --base and --candidate`);
  }
  return sides.length === 2;
}

async function showStored(io: CliIo, { directories, options }: Given): Promise<void> {
  const [base, candidate] = directories;
  if (base === undefined || candidate === undefined) {
    throw usageError(
      'expected two run directories (tidemark compare runs/before runs/after), or --base and --candidate to measure now',
    );
  }
  const { compareStored } = await import('../compare/compare-stored.ts');
  const compared = compareStored(io, [base, candidate], options.force === true);
  const { comparison, heading } = compared;
  const out = options.out ?? null;
  if (options.format !== undefined) {
    const { comparisonSource } = await import('../../reports/formats/format-sources.ts');
    const { startedAt: at, environment, project } = compared.candidate;
    const { sides } = compared;
    const context = { at, environment, sides, ...(project === undefined ? {} : { project }) };
    const source = comparisonSource(comparison, context);
    await writeFormat(io, { format: options.format, source, directory: null, out });
    return;
  }
  const { writeComparison } = await import('../compare/write-comparison.ts');
  const color = isColored(io, options);
  writeComparison(io, { comparison, heading, json: options.json === true, out, color });
}

async function showLive(io: CliIo, argv: readonly string[], options: CommandOptions): Promise<void> {
  const { showComparison } = await import('../compare/show-comparison.ts');
  await showComparison({
    io,
    argv,
    options: {
      ...readLoadOptions(options),
      base: options.base!,
      candidate: options.candidate!,
      sessions: options.sessions ?? DEFAULT_SESSIONS,
      latency: options.latency,
      out: options.out ?? null,
    },
    output: {
      json: options.json === true,
      format: options.format ?? null,
      quiet: options.quiet === true,
      color: isColored(io, options),
    },
  });
}

function isColored(io: CliIo, { color }: CommandOptions): boolean {
  return io.stdout.isTerminal && color && (io.env['NO_COLOR'] ?? '') === '';
}
