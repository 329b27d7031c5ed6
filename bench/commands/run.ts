import { Command, Option } from 'commander';
import type { FormatName } from '../../reports/formats/format-names.ts';
import type { ExitCode } from '../exit-codes.ts';
import { formatsHelp, parseFormatName, refuseFormatWithJson } from '../formats/format-output.ts';
import { addGateOptions, type GateOptions, gateGrammar } from '../gates/gate-options.ts';
import {
  parseBootstrapServers,
  parseCount,
  parseDelimiter,
  parseDurationMs,
  parseFactorSetting,
  parseKeyValue,
  parsePath,
  parsePositiveDurationMs,
  parsePrecision,
  parseSizeBytes,
  parseTopicName,
} from '../option-values.ts';
import type { RunFlags } from '../sweep/run-flags.ts';
import { argument, count, repeatableSetting, SEED } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const MAX_RECORD_BYTES = 64 * 1_048_576;
const MAX_RATE = 1_000_000_000;

const EXAMPLES = `
Precedence of producer properties: Kafka's defaults < the suite < --producer.config < --producer-property < factors.

Examples:
  $ tidemark run quick
  $ tidemark run quick --set linger.ms=0,5,50 --set acks=1 --duration 2s
  $ tidemark run compression --payload-file events.ndjson
  $ tidemark run acks --precision 2%
  $ tidemark run quick --bootstrap-server kafka-1:9092 --producer.config producer.properties
  $ tidemark run my-suite.yaml --design full --sample 20 --json > result.json
  $ tidemark run acks --gate 'p(99){acks=1}<20ms' --gate 'throughput>100k' --gate 'lost==0'
  $ tidemark run --resume runs/quick-20260101-120000

Exit codes: 0 all well, 2 bad input, 3 a trial failed or records went wrong, 4 target unreachable,
5 a gate cannot be decided, 99 a gate is breached, 130 interrupted.`;

/** What the grammar that check has too does not say. */
const GATES_OF_RUN = `A level's interval is over its trials that went well. One trial has none, and
decides only where it lies well beyond the limit (twice for throughput, four
times for p(99)): --repeats 3 decides closer. Counts are sums over all trials of
a level, those that failed included.`;

interface RunOptions extends GateOptions {
  readonly set?: RunFlags['set'];
  readonly design?: 'one-factor' | 'full';
  readonly sample?: number;
  readonly repeats?: number;
  readonly precision?: number;
  readonly seed?: number;
  readonly duration?: number;
  readonly warmup?: number;
  readonly generators?: number;
  readonly throughput?: number;
  readonly recordSize?: number;
  readonly ombDriver?: string;
  readonly payloadFile?: string;
  readonly payloadDelimiter?: string;
  readonly replicationFactor?: number;
  readonly topic?: string;
  readonly bootstrapServer?: string;
  readonly producerProperty?: RunFlags['producerProperties'];
  readonly 'producer.config'?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly json?: true;
  readonly format?: FormatName;
  readonly quiet?: true;
  readonly color: boolean;
}

/** `tidemark run [suite]`: `done` gets the exit code. */
export function createCommand(io: CliIo, argv: readonly string[], done: (code: ExitCode) => void): Command {
  const command = new Command('run')
    .description('measure what producer settings cost and buy, by a suite')
    .argument(
      '[suite]',
      'a shipped suite (see tidemark list) or the path of a .yaml file: a suite, or a workload of OpenMessaging Benchmark (default: quick)',
    );
  addSweepOptions(command);
  addWorkloadOptions(command);
  addTargetOptions(command);
  addGateOptions(command);
  addOutputOptions(command);
  return command
    .addHelpText('after', () => `${gateGrammar()}\n${GATES_OF_RUN}\n${formatsHelp()}\n${EXAMPLES}`)
    .action(async (suite: string | undefined, options: RunOptions) => {
      done(await execute({ io, argv, suite, options, given: givenOptions(command) }));
    });
}

function addSweepOptions(command: Command): void {
  command
    .option(
      '--set <property=values>',
      'several values add or replace a factor, one fixes the base (repeatable)',
      repeatableSetting('--set', parseFactorSetting),
    )
    .addOption(
      new Option('--design <design>', 'vary one factor at a time, or all combinations').choices([
        'one-factor',
        'full',
      ]),
    )
    .option('--sample <n>', 'measure a seeded part of the configurations', count(1, 10_000))
    .option('--repeats <n>', 'rounds, each with every level once', count(1, 100))
    .option(
      '--precision <per cent>',
      '5 to 20 rounds instead, until every level is compared with the base as narrowly as this: 2%',
      argument(parsePrecision),
    )
    .option('--seed <n>', 'order, payloads and keys follow from it', SEED);
}

function addWorkloadOptions(command: Command): void {
  command
    .option(
      '--duration <time>',
      'measured time of each phase: 300ms, 5s, 1m',
      argument(parsePositiveDurationMs),
    )
    .option('--warmup <time>', 'time before measuring', argument(parseDurationMs))
    .option('--generators <n>', 'load generators, each a thread with a producer of its own', count(1, 64))
    .option(
      '--throughput <n>',
      'one paced phase at N records/s over all generators; -1: one phase without limit',
      argument(parseThroughput),
    )
    .option(
      '--record-size <bytes>',
      'payloads of this fixed size: 100, 1KiB',
      argument((text) => parseSizeBytes(text, MAX_RECORD_BYTES)),
    )
    .option('--payload-file <file>', 'payloads from a file, split by the delimiter', argument(parsePath))
    .option(
      '--payload-delimiter <text>',
      'what stands between payloads; escapes \\n \\t \\r \\0 (default: \\n)',
      argument(parseDelimiter),
    )
    .option(
      '--replication-factor <n>',
      'of the topics; at most the brokers there are; the embedded cluster has 1',
      count(1, 32_767),
    );
}

function addTargetOptions(command: Command): void {
  command
    .option(
      '--bootstrap-server <host:port>',
      'a Kafka-compatible cluster instead of the embedded one; several comma separated',
      argument(parseBootstrapServers),
    )
    .option(
      '--topic <name>',
      'a topic that exists there, used as it is and never deleted, instead of topics made for the run',
      argument(parseTopicName),
    )
    .option(
      '--producer-property <name=value>',
      "a producer property under Kafka's name (repeatable)",
      repeatableSetting('--producer-property', parseKeyValue),
    )
    .option(
      '--producer.config <file>',
      'a .properties file of producer properties, as Java takes it; the place for secrets',
      argument(parsePath),
    )
    .option(
      '--omb-driver <file>',
      'a driver file of OpenMessaging Benchmark: its producerConfig, topicConfig and replication factor',
      argument(parsePath),
    );
}

function addOutputOptions(command: Command): void {
  command
    .option(
      '--out <dir>',
      'run directory; must not exist (default: runs/<suite>-<time>)',
      argument(parsePath),
    )
    .option(
      '--resume <dir>',
      'go on with a run that was cut off (secrets are given again)',
      argument(parsePath),
    )
    .option('--json', 'print the result as JSON instead of the table')
    .option(
      '--format <name>',
      'print a format for another tool instead of the table (see below)',
      argument(parseFormatName),
    )
    .option('--quiet', 'no progress')
    .option('--no-color', 'no colors (also when NO_COLOR is set)');
}

function parseThroughput(text: string): number {
  if (text.trim() === '-1') return -1;
  try {
    return parseCount(text, 1, MAX_RATE);
  } catch {
    throw new RangeError(
      `got '${text}', expected records per second from 1 to ${MAX_RATE}, or -1 for no limit`,
    );
  }
}

/** Names of the options that the user gave. */
function givenOptions(command: Command): string[] {
  return command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .map((option) => option.long ?? option.flags);
}

interface Invocation {
  readonly io: CliIo;
  readonly argv: readonly string[];
  readonly suite: string | undefined;
  readonly options: RunOptions;
  readonly given: readonly string[];
}

// Everything that a run needs is loaded only now: --help must not wait for it.
async function execute({ io, argv, suite, options, given }: Invocation): Promise<ExitCode> {
  const { resumeRun, startRun } = await import('../run/start-run.ts');
  const noColor = !options.color || (io.env['NO_COLOR'] ?? '') !== '';
  const output = {
    json: options.json === true,
    format: options.format ?? null,
    quiet: options.quiet === true,
    color: io.stdout.isTerminal && !noColor,
    inconclusive: options.inconclusive ?? null,
  };
  refuseFormatWithJson(output.format, output.json);
  const flags = flagsOf(options);
  if (options.resume !== undefined) {
    return resumeRun({ io, output, directory: options.resume, given, flags, suite: suite ?? null });
  }
  return startRun({ io, output, argv, flags, suite: suite ?? 'quick', out: options.out ?? null });
}

function flagsOf(options: RunOptions): RunFlags {
  return {
    set: options.set ?? [],
    design: options.design ?? null,
    durationMs: options.duration ?? null,
    warmupMs: options.warmup ?? null,
    repeats: options.repeats ?? null,
    precision: options.precision ?? null,
    generators: options.generators ?? null,
    seed: options.seed ?? null,
    sample: options.sample ?? null,
    ombDriver: options.ombDriver ?? null,
    payloadFile: options.payloadFile ?? null,
    payloadDelimiter: options.payloadDelimiter ?? null,
    recordSizeBytes: options.recordSize ?? null,
    throughput: options.throughput ?? null,
    replicationFactor: options.replicationFactor ?? null,
    topic: options.topic ?? null,
    bootstrapServer: options.bootstrapServer ?? null,
    keys: null,
    producerProperties: options.producerProperty ?? [],
    producerConfigFile: options['producer.config'] ?? null,
    gates: options.gate ?? [],
    inconclusive: options.inconclusive ?? null,
  };
}
