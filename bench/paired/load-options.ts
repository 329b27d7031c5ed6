import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import { argument, count, repeatableSetting, SEED } from '../commands/arguments.ts';
import { parseBootstrapServers, parseKeyValue, parsePath, parseSizeBytes } from '../option-values.ts';
import type { RunFlags } from '../sweep/run-flags.ts';
import { DEFAULT_LOAD, DEFAULT_PARTITIONS } from './default-load.ts';
import type { PairedLoad } from './paired-load.ts';

const MAX_RECORD_BYTES = 1_048_576;
const MAX_IN_FLIGHT = 1_000_000;
const MAX_PARTITIONS = 1000;
/** Seeds are shown and given again: short ones are easier on the eye. */
const SEED_BOUND = 2 ** 31;

/** What commander makes of the options that `check` and `compare` share. */
export interface LoadOptions {
  readonly driver?: string;
  readonly build?: string;
  readonly recordSize?: number;
  readonly recordsPerSend?: number;
  readonly inFlight?: number;
  readonly partitions?: number;
  readonly producerProperty?: RunFlags['producerProperties'];
  readonly 'producer.config'?: string;
  readonly bootstrapServer?: string;
  readonly seed?: number;
}

/** --driver and --build: how both sides are made ready. */
export function addDriverOptions(command: Command): void {
  command
    .option(
      '--driver <file or command>',
      'how both sides are driven, where their package.json does not say (docs/drivers.md)',
    )
    .option('--build <command>', 'run in the directory of each side first');
}

/** What both sides send, with which properties, and where to. */
export function addLoadOptions(command: Command): void {
  const { recordSizeBytes, recordsPerSend, inFlight } = DEFAULT_LOAD;
  command
    .option(
      '--record-size <bytes>',
      `of each value: 100, 1KiB (default: ${recordSizeBytes})`,
      argument((text) => parseSizeBytes(text, MAX_RECORD_BYTES)),
    )
    .option(
      '--records-per-send <n>',
      `handed to a driver's send() at once (default: ${recordsPerSend})`,
      count(1, MAX_IN_FLIGHT),
    )
    .option('--in-flight <n>', `records outstanding at most (default: ${inFlight})`, count(1, MAX_IN_FLIGHT))
    .option(
      '--partitions <n>',
      `of each side's topic (default: ${DEFAULT_PARTITIONS})`,
      count(1, MAX_PARTITIONS),
    )
    .option(
      '--producer-property <name=value>',
      "a producer property under Kafka's name, for both sides (repeatable)",
      repeatableSetting('--producer-property', parseKeyValue),
    )
    .option(
      '--producer.config <file>',
      'a .properties file for both sides, as Java takes it; the place for secrets',
      argument(parsePath),
    )
    .option(
      '--bootstrap-server <host:port>',
      'a Kafka-compatible cluster instead of the embedded one; several comma separated',
      argument(parseBootstrapServers),
    )
    .option('--seed <n>', 'orders and payloads follow from it (default: drawn)', SEED);
}

/** The names under which commander keeps these options. */
export const LOAD_OPTION_NAMES: readonly (keyof LoadOptions)[] = [
  'driver',
  'build',
  'recordSize',
  'recordsPerSend',
  'inFlight',
  'partitions',
  'producerProperty',
  'producer.config',
  'bootstrapServer',
  'seed',
];

/** What was said on the command line, and the defaults for what was not. */
export function readLoadOptions(options: LoadOptions): PairedLoad {
  const { recordSizeBytes, recordsPerSend, inFlight } = DEFAULT_LOAD;
  return {
    driver: options.driver,
    build: options.build,
    load: {
      ...DEFAULT_LOAD,
      recordSizeBytes: options.recordSize ?? recordSizeBytes,
      recordsPerSend: options.recordsPerSend ?? recordsPerSend,
      inFlight: options.inFlight ?? inFlight,
    },
    partitions: options.partitions ?? DEFAULT_PARTITIONS,
    producer: {
      producerProperties: options.producerProperty ?? [],
      producerConfigFile: options['producer.config'] ?? null,
    },
    bootstrapServers: options.bootstrapServer ?? null,
    seed: options.seed ?? null,
  };
}

/** For a command that was given none; its repeat command names it. */
export function drawSeed(): number {
  return randomInt(SEED_BOUND);
}
