import { Command, Option } from 'commander';
import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { FormatName } from '../../reports/formats/format-names.ts';
import type { CheckOptions } from '../check/check-options.ts';
import { parseMaxSessions, parseMetric, parsePercent } from '../check/parse-options.ts';
import { usageError } from '../cli-error.ts';
import { SIDE_FORMS } from '../duet/resolve-side.ts';
import type { ExitCode } from '../exit-codes.ts';
import { parseFormatName, refuseFormatWithJson } from '../formats/format-output.ts';
import { addGateOptions, type GateOptions, gateGrammar } from '../gates/gate-options.ts';
import { parsePath } from '../option-values.ts';
import {
  addDriverOptions,
  addLoadOptions,
  type LoadOptions,
  readLoadOptions,
} from '../paired/load-options.ts';
import { argument, repeatable } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const DEFAULT_TOLERANCE = 0.01;
const DEFAULT_MAX_SESSIONS = 30;

const HELP = `
Sides:
${SIDE_FORMS.replace(/^/gm, '  ')}

Metrics, with the margin unless --margin says otherwise:
  cpu per record 5%, throughput 5%, p50 10%, p90 25%, p99 25%
A check looks after 8, 12, 16, 20, 25 and 30 sessions of 7 to 11 s, and stops as
soon as it can tell. It is a regression when the lower bound of the slowdown
lies above the tolerance and the upper one reaches the margin; none when the
upper bound stays below the margin. Over all looks, 1 % of checks find a
slowdown where there is none.
${gateGrammar()}
A check measures cpu and throughput, and p(50) p(90) p(99) with a latency
--metric. 'cpu<500ns' holds the candidate's own figure, 'cpu<+10%' its change
against the base.

Examples:
  $ tidemark check --base git:main --candidate .
  $ tidemark check --base npm:0.1.0 --candidate . --metric p99 --margin 20%
  $ tidemark check --base git:HEAD~1 --driver bench/driver.ts --gate 'cpu<+3%'
  $ tidemark check --base acks=1 --candidate acks=all --json

Exit codes:
  0    no regression, minor slowdown or improvement
  2    bad input
  3    a session failed, or its records do not add up
  4    a side does not build or start, or the target cannot be reached
  5    inconclusive
  99   a regression, or a breached gate
  130  interrupted`;

interface CommandOptions extends GateOptions, LoadOptions {
  readonly base?: string;
  readonly candidate: string;
  readonly metric?: readonly CheckMetricName[];
  readonly margin?: number;
  readonly tolerance?: number;
  readonly maxSessions?: number;
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
    .option('--candidate <side>', 'what may have become slower', argument(parsePath), '.');
  addDriverOptions(command);
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
    );
  addGateOptions(command);
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

function checkOptions(options: CommandOptions, base: string): CheckOptions {
  const [metric = 'cpuNsPerRecord', ...others] = options.metric ?? [];
  return {
    ...readLoadOptions(options),
    base,
    candidate: options.candidate,
    metrics: [metric, ...others],
    margin: options.margin ?? null,
    tolerance: options.tolerance ?? DEFAULT_TOLERANCE,
    maxSessions: options.maxSessions ?? DEFAULT_MAX_SESSIONS,
    gates: options.gate ?? [],
    inconclusiveAs: options.inconclusive ?? null,
    out: options.out ?? null,
  };
}
