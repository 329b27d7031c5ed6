import { isAbsolute, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { usageError } from '../cli-error.ts';
import { argument, count, repeatableSetting } from '../commands/arguments.ts';
import type { CliIo } from '../commands/cli-io.ts';
import type { ExitCode } from '../exit-codes.ts';
import {
  parseBootstrapServers,
  parseKeyValue,
  parsePath,
  parsePositiveDurationMs,
} from '../option-values.ts';
import { NO_FLAGS, type RunFlags } from '../sweep/run-flags.ts';
import { keysUnderLoad, placementUnderLoad } from './keys-under-load.ts';
import type { LabOptions } from './lab-options.ts';

const SUITE = 'partitioners';
/** The suite's levels: each stands for what the suite says it brings along. */
const BUILT_IN = ['keyed', 'sticky', 'uniform-sticky', 'adaptive', 'round-robin', 'random'];
const MAX_REPEATS = 100;

/** Options of `tidemark partitioners` that are about load. */
export interface LoadOptions {
  readonly load?: true;
  readonly rates?: readonly string[];
  readonly duration?: number;
  readonly repeats?: number;
  readonly bootstrapServer?: string;
  readonly producerProperty?: RunFlags['producerProperties'];
  readonly 'producer.config'?: string;
}

/** --load and what goes with it. */
export function addLoadOptions(command: Command): Command {
  return command
    .option('--load', 'measure them under load instead, with a run of the suite partitioners')
    .option(
      '--rates <rate,...>',
      'with --load: records/s, or shares of what keyed reaches (default: 30%)',
      argument(parseRates),
    )
    .option('--duration <time>', 'with --load: of each phase', argument(parsePositiveDurationMs))
    .option('--repeats <n>', 'with --load: rounds', count(1, MAX_REPEATS))
    .option(
      '--bootstrap-server <host:port>',
      'with --load: a cluster instead of the embedded one',
      argument(parseBootstrapServers),
    )
    .addOption(
      new Option(
        '--producer-property <name=value>',
        'with --load: a producer property (repeatable)',
      ).argParser(repeatableSetting('--producer-property', parseKeyValue)),
    )
    .option('--producer.config <file>', 'with --load: a .properties file', argument(parsePath));
}

const LOAD_ONLY = ['rates', 'duration', 'repeats', 'bootstrapServer', 'producerProperty', 'producer.config'];
const PLACEMENT_ONLY = ['records', 'topic'];

/** Whether the command is to run under load. Exit 2 for options that belong to the other half. */
export function isUnderLoad(command: Command, { load }: LoadOptions): boolean {
  const isLoad = load === true;
  const foreign = (isLoad ? PLACEMENT_ONLY : LOAD_ONLY).filter(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  if (foreign.length === 0) return isLoad;
  const flags = foreign.map(
    (name) => command.options.find((one) => one.attributeName() === name)?.long ?? name,
  );
  throw usageError(
    isLoad
      ? `${flags.join(', ')}: under load as many records are sent as fit, to topics made for the run; leave that out`
      : `${flags.join(', ')}: only together with --load, which measures under load`,
  );
}

export interface UnderLoad {
  readonly io: CliIo;
  readonly argv: readonly string[];
  readonly options: LabOptions & LoadOptions;
  /** Whether an option was given, rather than at its default. */
  readonly isGiven: (name: keyof LabOptions) => boolean;
}

/**
 * The suite partitioners with these partitions, rates and modules, run as `tidemark run` does. Where the same keys land is
 * found out first and laid into the run directory, so that the reports of the run have the lab's page among them.
 */
export async function runUnderLoad({ io, argv, options, isGiven }: UnderLoad): Promise<ExitCode> {
  const { startRun } = await import('../run/start-run.ts');
  const { showAdvice } = await import('./show-advice.ts');
  const { writeLabData } = await import('./lab-files.ts');
  const flags = flagsUnderLoad(options, { isGiven, workingDirectory: io.workingDirectory });
  const lab = await placementUnderLoad({ options, flags, isGiven, workingDirectory: io.workingDirectory });
  const hasColor = io.stdout.isTerminal && options.color && (io.env['NO_COLOR'] ?? '') === '';
  let directory: string | null = null;
  const code = await startRun({
    io,
    argv,
    suite: SUITE,
    flags,
    out: options.out ?? null,
    output: { json: options.json === true, format: null, quiet: false, color: hasColor, inconclusive: null },
    onDirectory: (made) => {
      directory = made;
      writeLabData(resolve(io.workingDirectory, made), lab);
    },
  });
  if (directory !== null) showAdvice(io, directory, options.json === true ? io.stderr : io.stdout);
  return code;
}

interface Given {
  readonly isGiven: UnderLoad['isGiven'];
  readonly workingDirectory: string;
}

function flagsUnderLoad(options: UnderLoad['options'], { isGiven, workingDirectory }: Given): RunFlags {
  const partitions = isGiven('partitions') ? options.partitions.map(String) : [];
  const rates = options.rates ?? [];
  const varied = [
    { property: 'partitioner.class', levels: [...BUILT_IN, ...(options.partitioner ?? []).map(asModule)] },
    { property: 'partitions', levels: partitions },
    { property: 'rate', levels: rates },
  ];
  return {
    ...NO_FLAGS,
    // The first of several is the base's too: one value fixes the base, the several after it vary it.
    set: varied.flatMap(({ property, levels }) =>
      levels.length === 0
        ? []
        : [
            { property, levels: levels.slice(0, 1) },
            { property, levels },
          ],
    ),
    // Each partitioner at each of them, where there are several.
    design: partitions.length > 1 || rates.length > 1 ? 'full' : null,
    keys: keysUnderLoad(options, workingDirectory),
    durationMs: options.duration ?? null,
    repeats: options.repeats ?? null,
    seed: isGiven('seed') ? options.seed : null,
    recordSizeBytes: isGiven('recordSize') ? options.recordSize : null,
    bootstrapServer: options.bootstrapServer ?? null,
    producerProperties: options.producerProperty ?? [],
    producerConfigFile: options['producer.config'] ?? null,
  };
}

function parseRates(text: string): readonly string[] {
  const rates = text.split(',').map((rate) => rate.trim());
  if (rates.some((rate) => rate === ''))
    throw new RangeError(`got '${text}', expected rates: 30%,70% or 5000`);
  return rates;
}

/** A bare name would be taken for a partitioner's. */
function asModule(path: string): string {
  return isAbsolute(path) || path.startsWith('.') ? path : `./${path}`;
}
