import { Command, Option } from 'commander';
import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { CHECK_LOAD, CHECK_PARTITIONS } from '../check/check-load.ts';
import type { CheckOptions } from '../check/check-options.ts';
import { parseMaxSessions, parseMetric, parsePercent } from '../check/parse-options.ts';
import { usageError } from '../cli-error.ts';
import { SIDE_FORMS } from '../duet/resolve-side.ts';
import type { ExitCode } from '../exit-codes.ts';
import { parseFormatName, refuseFormatWithJson } from '../format-output.ts';
import { addGateOptions, type GateOptions } from '../gates/gate-options.ts';
import {
  parseBootstrapServers,
  parseCount,
  parseKeyValue,
  parsePath,
  parseSizeBytes,
} from '../option-values.ts';
import type { RunFlags } from '../sweep/run-flags.ts';
import { argument, repeatable, repeatableSetting } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const MAX_RECORD_BYTES = 1_048_576;
const MAX_IN_FLIGHT = 1_000_000;
const MAX_PARTITIONS = 1000;
const DEFAULT_TOLERANCE = 0.01;
const DEFAULT_MAX_SESSIONS = 30;

const HELP = `
Sides:
${SIDE_FORMS.replace(/^/gm, '  ')}

Metrics (margin unless --margin says otherwise): cpu per record 5%, throughput 5%, p50 10%, p90 25%, p99 25%.
A check looks after 8, 12, 16, 20, 25 and 30 sessions of 7 to 11 s and stops as soon as it can tell. It is a
regression when the lower bound of the slowdown lies above the tolerance and the upper one reaches the margin; none
when the upper bound stays below the margin. Over all looks, 1 % of checks find a slowdown where there is none.

Gates: METRIC COMPARATOR NUMBER[UNIT] with cpu, throughput, p(50), p(90), p(99) and < <= > >=. 'cpu<500ns' holds the
candidate's own figure, 'cpu<+10%' its change against the base; p(...) needs a latency --metric. docs/gates.md has the rest.

Examples:
  $ tidemark check --base git:main --candidate .
  $ tidemark check --base npm:0.1.0 --candidate . --metric p99 --margin 20%
  $ tidemark check --base git:HEAD~1 --driver bench/driver.ts --inconclusive pass
  $ tidemark check --base acks=1 --candidate acks=all --json

Exit codes: 0 no regression, minor slowdown or improvement; 99 regression or a breached gate; 5 inconclusive;
3 a session failed or its records do not add up; 4 a side does not build or start, or the target cannot be reached;
2 bad input; 130 interrupted.`;

interface CommandOptions extends GateOptions {
  readonly base?: string;
  readonly candidate: string;
  readonly driver?: string;
  readonly build?: string;
  readonly metric?: readonly CheckMetricName[];
  readonly margin?: number;
  readonly tolerance?: number;
  readonly maxSessions?: number;
  readonly recordSize?: number;
  readonly recordsPerSend?: number;
  readonly inFlight?: number;
  readonly partitions?: number;
  readonly producerProperty?: RunFlags['producerProperties'];
  readonly 'producer.config'?: string;
  readonly bootstrapServer?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly history?: string;
  readonly scenario: string;
  readonly json?: true;
  readonly format?: FormatName;
  readonly quiet?: true;
  readonly color: boolean;
}

/** `tidemark check`: `done` gets the exit code. */
export function createCommand(io: CliIo, argv: readonly string[], done: (code: ExitCode) => void): Command {
  const command = new Command('check').description(
    'did this change make it slower? both sides measured in turns, until it can be told',
  );
  addSideOptions(command);
  addDecisionOptions(command);
  addLoadOptions(command);
  addOutputOptions(command);
  return command.addHelpText('after', HELP).action(async (options: CommandOptions) => {
    refuseFormatWithJson(options.format ?? null, options.json === true);
    if (options.base === undefined) {
      throw usageError(`--base is missing: what the candidate is held against, one of\n${SIDE_FORMS}`);
    }
    const { showCheck } = await import('../check/show-check.ts');
    done(
      await showCheck({
        io,
        argv,
        options: checkOptions(options, options.base),
        output: {
          json: options.json === true,
          format: options.format ?? null,
          quiet: options.quiet === true,
          history:
            options.history === undefined ? null : { file: options.history, scenario: options.scenario },
          color: io.stdout.isTerminal && options.color && (io.env['NO_COLOR'] ?? '') === '',
        },
      }),
    );
  });
}

function addSideOptions(command: Command): void {
  command
    .option('--base <side>', 'what the candidate is held against (see below)', argument(parsePath))
    .option('--candidate <side>', 'what may have become slower', argument(parsePath), '.')
    .option(
      '--driver <file or command>',
      'how both sides are driven, where their package.json does not say (docs/drivers.md)',
    )
    .option('--build <command>', 'run in the directory of each side first');
}

function addDecisionOptions(command: Command): void {
  command
    .option(
      '--metric <name>',
      'cpu, throughput, p50, p90 or p99; the first decides, others are told beside it (repeatable; default: cpu)',
      repeatable(parseMetric),
    )
    .option(
      '--margin <percent>',
      'a change for the worse that must not pass (default: by metric)',
      argument((text) => parsePercent(text, false)),
    )
    .option(
      '--tolerance <percent>',
      'a change for the worse that is none (default: 1%)',
      argument((text) => parsePercent(text, true)),
    )
    .option(
      '--max-sessions <n>',
      'end inconclusive after 8, 12, 16, 20, 25 or 30 sessions (default: 30)',
      argument(parseMaxSessions),
    )
    .option('--seed <n>', 'orders and payloads follow from it', count(0, Number.MAX_SAFE_INTEGER));
  addGateOptions(command);
}

function addLoadOptions(command: Command): void {
  const { recordSizeBytes, recordsPerSend, inFlight } = CHECK_LOAD;
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
      `of each side's topic (default: ${CHECK_PARTITIONS})`,
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
    );
}

function addOutputOptions(command: Command): void {
  command
    .option(
      '--out <dir>',
      'directory of the check; must not exist (default: runs/check-<time>)',
      argument(parsePath),
    )
    .option(
      '--history <file>',
      'add the check to a history in git (tidemark history --help)',
      argument(parsePath),
    )
    .option('--scenario <name>', 'its name there, for what is measured', 'default')
    .option('--json', 'print the result as JSON')
    .addOption(
      new Option(
        '--format <name>',
        'print a format for another tool (tidemark report --help lists them)',
      ).argParser(argument(parseFormatName)),
    )
    .option('--quiet', 'no progress')
    .option('--no-color', 'no colors (also when NO_COLOR is set)');
}

function count(min: number, max: number): (text: string) => number {
  return argument((text: string) => parseCount(text, min, max));
}

function checkOptions(options: CommandOptions, base: string): CheckOptions {
  const [metric = 'cpuNsPerRecord', ...others] = options.metric ?? [];
  const { recordSizeBytes, recordsPerSend, inFlight } = CHECK_LOAD;
  return {
    base,
    candidate: options.candidate,
    driver: options.driver,
    build: options.build,
    metrics: [metric, ...others],
    margin: options.margin ?? null,
    tolerance: options.tolerance ?? DEFAULT_TOLERANCE,
    maxSessions: options.maxSessions ?? DEFAULT_MAX_SESSIONS,
    load: {
      ...CHECK_LOAD,
      recordSizeBytes: options.recordSize ?? recordSizeBytes,
      recordsPerSend: options.recordsPerSend ?? recordsPerSend,
      inFlight: options.inFlight ?? inFlight,
    },
    partitions: options.partitions ?? CHECK_PARTITIONS,
    producer: {
      producerProperties: options.producerProperty ?? [],
      producerConfigFile: options['producer.config'] ?? null,
    },
    bootstrapServers: options.bootstrapServer ?? null,
    gates: options.gate ?? [],
    inconclusiveAs: options.inconclusive ?? null,
    seed: options.seed ?? null,
    out: options.out ?? null,
  };
}
