import { Command } from 'commander';
import type { Comparison } from '../../reports/compare/comparison.ts';
import type { ComparisonContext } from '../../reports/figure-set.ts';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { usageError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseFormatName, refuseFormatWithJson, writeFormat } from '../format-output.ts';
import { parseBootstrapServers, parseCount, parsePath } from '../option-values.ts';
import { argument } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const DEFAULT_SESSIONS = 8;

const EXAMPLES = `
Two run directories are compared level by level, and refused where environment, payload or configuration differ. What
was measured at different times is the weaker kind of evidence: --base and --candidate measure both in turns, in
sessions of fresh processes of about ten seconds. Either may be producer properties (linger.ms=0,batch.size=65536) or a
file of them, client:NAME, a directory that holds a build of Tidemark or a driver of your own, git:REF, a tarball, or
npm:VERSION; docs/drivers.md tells of drivers.

Examples:
  $ tidemark compare runs/quick-20260101-120000 runs/quick-20260102-120000
  $ tidemark compare runs/before runs/after --format benchstat
  $ tidemark compare --base linger.ms=5 --candidate linger.ms=0
  $ tidemark compare --base client:kafkajs --candidate client:tidemark
  $ tidemark compare --base git:main --candidate . --sessions 12

Exit codes: 0 compared, whatever came out (tidemark check judges), 2 bad input, 3 a side failed or its records do not
add up, 4 a side does not build or start or the target is unreachable, 130 interrupted.`;

interface CompareOptions {
  readonly force?: true;
  readonly base?: string;
  readonly candidate?: string;
  readonly sessions?: number;
  readonly latency: boolean;
  readonly seed?: number;
  readonly bootstrapServer?: string;
  readonly driver?: string;
  readonly build?: string;
  readonly json?: true;
  readonly format?: FormatName;
  readonly out?: string;
  readonly quiet?: true;
  readonly color: boolean;
}

/** `tidemark compare A B`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  const command = new Command('compare')
    .description('compare two runs, or two things to run now, with intervals, p and n')
    .argument('[base]', 'a run directory')
    .argument('[candidate]', 'another one');
  addStoredOptions(command);
  addLiveOptions(command);
  addOutputOptions(command);
  return command
    .addHelpText('after', EXAMPLES)
    .action(async (base: string | undefined, candidate: string | undefined, options: CompareOptions) => {
      refuseFormatWithJson(options.format ?? null, options.json === true);
      const given = { directories: [base, candidate].filter((one) => one !== undefined), options };
      const compared = isLive(command, given) ? await live(io, options) : await stored(io, given);
      await show(io, compared, options);
      done(EXIT.ok);
    });
}

function addStoredOptions(command: Command): void {
  command.option('--force', 'compare runs that differ in more than what is compared');
}

function addLiveOptions(command: Command): void {
  const number = (min: number, max: number): ((text: string) => number) =>
    argument((text: string) => parseCount(text, min, max));
  command
    .option('--base <side>', 'measure this now, in turns with --candidate')
    .option('--candidate <side>', 'what is compared with it')
    .option(
      '--sessions <n>',
      `sessions of fresh processes, at least 6 (default: ${DEFAULT_SESSIONS})`,
      number(6, 100),
    )
    .option('--no-latency', 'no latency: sessions of about seven seconds')
    .option(
      '--seed <n>',
      'order and payloads follow from it (default: 1)',
      number(0, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--bootstrap-server <host:port>',
      'a Kafka-compatible cluster instead of the embedded one; several comma separated',
      argument(parseBootstrapServers),
    )
    .option('--driver <file|command>', 'how a directory is driven, where its package.json does not say')
    .option('--build <command>', 'run in a directory before it is measured');
}

function addOutputOptions(command: Command): void {
  command
    .option('--json', 'print the rows as JSON instead of the tables')
    .option(
      '--format <name>',
      'print a format for another tool (tidemark report --help lists them)',
      argument(parseFormatName),
    )
    .option('--out <file>', 'write what would be printed to a file', argument(parsePath))
    .option('--quiet', 'no progress')
    .option('--no-color', 'no colors (also when NO_COLOR is set)');
}

interface Given {
  readonly directories: readonly string[];
  readonly options: CompareOptions;
}

const LIVE_ONLY = ['sessions', 'latency', 'seed', 'bootstrapServer', 'driver', 'build'];

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

interface Compared {
  readonly comparison: Comparison;
  readonly heading: readonly string[];
  readonly context: ComparisonContext;
}

async function stored(io: CliIo, { directories, options }: Given): Promise<Compared> {
  const [base, candidate] = directories;
  if (base === undefined || candidate === undefined) {
    throw usageError(
      'expected two run directories (tidemark compare runs/before runs/after), or --base and --candidate to measure now',
    );
  }
  const { compareStored } = await import('../compare/compare-stored.ts');
  const { candidate: result, ...compared } = compareStored(io, [base, candidate], options.force === true);
  const { startedAt: at, environment, project } = result;
  return { ...compared, context: { at, environment, ...(project === undefined ? {} : { project }) } };
}

async function live(io: CliIo, options: CompareOptions): Promise<Compared> {
  const { compareLive } = await import('../compare/compare-live.ts');
  const { gatherEnvironment } = await import('../environment.ts');
  const { projectState } = await import('../project-state.ts');
  const { startedAt, ...compared } = await compareLive(io, {
    base: options.base!,
    candidate: options.candidate!,
    sessions: options.sessions ?? DEFAULT_SESSIONS,
    latency: options.latency,
    seed: options.seed ?? 1,
    bootstrapServers: options.bootstrapServer ?? null,
    driver: options.driver,
    build: options.build,
    quiet: options.quiet === true,
  });
  const project = projectState(io.workingDirectory, io.env);
  return { ...compared, context: { at: startedAt, environment: gatherEnvironment(), project } };
}

async function show(io: CliIo, compared: Compared, options: CompareOptions): Promise<void> {
  const { comparison, heading, context } = compared;
  const out = options.out ?? null;
  if (options.format !== undefined) {
    const { comparisonSource } = await import('../../reports/format-sources.ts');
    const source = comparisonSource(comparison, context);
    await writeFormat(io, { format: options.format, source, directory: null, out });
    return;
  }
  const { writeComparison } = await import('../compare/write-comparison.ts');
  const isColored = io.stdout.isTerminal && options.color && (io.env['NO_COLOR'] ?? '') === '';
  writeComparison(io, { comparison, heading, json: options.json === true, out, color: isColored });
}
