import { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import {
  parseBootstrapServers,
  parseDelimiter,
  parseKeyValue,
  parsePath,
  parseTopicName,
} from '../option-values.ts';
import type { PerfFlags } from '../perf/perf-settings.ts';
import { argument, count, repeatableSetting } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const MAX_RECORD_BYTES = 64 * 1_048_576;
const MAX_RECORDS = 1_000_000_000_000;
const MAX_RATE = 1_000_000_000;
const MAX_INTERVAL_MS = 3_600_000;

const EXAMPLES = `
The flags of kafka-producer-perf-test and its lines, so that a script needs one word changed. With a rate, latency
runs from the moment at which a record was due, so a stall of the brokers is in it; there it is not. Without a
bootstrap server the embedded cluster is started.

Examples:
  $ tidemark perf --topic test --num-records 1000000 --record-size 100 --throughput -1 \\
      --producer-props bootstrap.servers=kafka-1:9092 acks=all linger.ms=5
  $ tidemark perf --topic test --num-records 100000 --record-size 1000 --throughput 10000

Exit codes: 0 all well, 2 bad input, 3 records failed, 4 target unreachable, 130 interrupted.`;

type Setting = ReturnType<typeof parseKeyValue>;

interface PerfOptions {
  readonly topic: string;
  readonly numRecords: number;
  readonly throughput: number;
  readonly recordSize?: number;
  readonly payloadFile?: string;
  readonly payloadDelimiter?: string;
  readonly payloadMonotonic?: true;
  readonly bootstrapServer?: string;
  readonly producerProps?: readonly Setting[];
  readonly commandProperty?: readonly Setting[];
  readonly 'producer.config'?: string;
  readonly commandConfig?: string;
  readonly printMetrics?: true;
  readonly warmupRecords?: number;
  readonly reportingInterval?: number;
  readonly transactionalId?: string;
  readonly transactionDurationMs?: string;
}

/** `tidemark perf`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  const command = new Command('perf').description(
    "kafka-producer-perf-test's flags and lines, with this producer",
  );
  addLoadOptions(command);
  addProducerOptions(command);
  return command.addHelpText('after', EXAMPLES).action(async (options: PerfOptions) => {
    const { perfSettings } = await import('../perf/perf-settings.ts');
    const { runPerf } = await import('../perf/run-perf.ts');
    const settings = perfSettings(flagsOf(options), io.workingDirectory);
    done(await runPerf(io, settings));
  });
}

function addLoadOptions(command: Command): void {
  command
    .requiredOption('--topic <topic>', 'produce to this topic (required)', argument(parseTopicName))
    .requiredOption('--num-records <n>', 'records to produce (required)', count(1, MAX_RECORDS))
    .requiredOption(
      '--throughput <n>',
      'records per second at most; -1: no limit (required)',
      argument(parsePerfThroughput),
    )
    .option(
      '--record-size <bytes>',
      'records of random letters, of this size; this, --payload-file or --payload-monotonic',
      count(1, MAX_RECORD_BYTES),
    )
    .option('--payload-file <file>', 'records from a file, in random order', argument(parsePath))
    .option(
      '--payload-delimiter <text>',
      'what stands between records of the file (default: \\n)',
      argument(parseDelimiter),
    )
    .option('--payload-monotonic', 'records that count: 0, 1, 2, ...')
    .option(
      '--warmup-records <n>',
      'the first records, which a second summary leaves out',
      count(0, MAX_RECORDS),
    )
    .option('--reporting-interval <ms>', 'between progress lines (default: 5000)', count(1, MAX_INTERVAL_MS))
    .option('--print-metrics', "the producer's metrics at the end, under the names of Java's");
}

function addProducerOptions(command: Command): void {
  command
    .option(
      '--bootstrap-server <host:port>',
      'several comma separated; over bootstrap.servers',
      argument(parseBootstrapServers),
    )
    .option(
      '--producer-props <name=value...>',
      'producer properties, over the file',
      repeatableSetting('--producer-props', parseKeyValue),
    )
    .option(
      '--command-property <name=value...>',
      'the same under its newer name',
      repeatableSetting('--command-property', parseKeyValue),
    )
    .option('--producer.config <file>', 'a .properties file; the place for secrets', argument(parsePath))
    .option('--command-config <file>', 'the same under its newer name', argument(parsePath))
    .option('--transactional-id <id>', 'refused: this producer has no transactions')
    .option('--transaction-duration-ms <ms>', 'refused: this producer has no transactions');
}

function parsePerfThroughput(text: string): number {
  const value = /^-?\d{1,12}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value === -1 || (value > 0 && value <= MAX_RATE)) return value;
  throw new RangeError(
    `got '${text}', expected records per second above 0 and up to ${MAX_RATE}, or -1 for no limit`,
  );
}

function flagsOf(options: PerfOptions): PerfFlags {
  const configFiles = [
    ...(options.commandConfig === undefined
      ? []
      : [{ option: '--command-config', path: options.commandConfig }]),
    ...(options['producer.config'] === undefined
      ? []
      : [{ option: '--producer.config', path: options['producer.config'] }]),
  ];
  return {
    topic: options.topic,
    numRecords: options.numRecords,
    throughput: options.throughput,
    recordSizeBytes: options.recordSize ?? null,
    payloadFile: options.payloadFile ?? null,
    payloadDelimiter: options.payloadDelimiter ?? null,
    payloadMonotonic: options.payloadMonotonic === true,
    bootstrapServer: options.bootstrapServer ?? null,
    properties: [...(options.producerProps ?? []), ...(options.commandProperty ?? [])],
    configFiles,
    printMetrics: options.printMetrics === true,
    warmupRecords: options.warmupRecords ?? 0,
    reportingIntervalMs: options.reportingInterval ?? 5000,
    transactional: [
      ...(options.transactionalId === undefined ? [] : ['--transactional-id']),
      ...(options.transactionDurationMs === undefined ? [] : ['--transaction-duration-ms']),
    ],
  };
}
