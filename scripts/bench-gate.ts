/** `npm run bench:gate`: how often `tidemark check` cries wolf, and how often it finds what is there (--help). */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { parseCount } from '../bench/option-values.ts';
import { collect, LATENCY_EVERY, missingSessions } from './bench-gate/collect.ts';
import { missingLive, readLive, reportLive, runLive } from './bench-gate/live.ts';
import { reportResampled } from './bench-gate/report-resampled.ts';
import { measuredDirectory } from './bench-gate/session-store.ts';

/** As seen on two cores. */
const SESSION_SECONDS = 7.6;
const LATENCY_SECONDS = 3.3;
const LIVE_SESSIONS = 9;
const LIVE_START_SECONDS = 2;
const RESAMPLE_SECONDS = 10;

const HELP = `npm run bench:gate -- [options]

How often tidemark check cries wolf, and how often it finds what is there.

  --live          real checks by the command itself: 20 of A against A, 10 of a
                  candidate slower by 5 %; their sessions are stored with the
                  collected ones
  --collect       real sessions of A against A and of candidates slower by 2, 5
                  and 10 %, with and without a neighbour that burns one core in
                  bursts, until each condition has enough
  --resample      checks of each condition from the stored sessions, decided by
                  the product's own code, and whether candidates were slower by
                  what they should be; exit 1 when a demand is not met (default).
                  Without any of one's own, from those that ship with this tree
                  (scripts/bench-gate/measured)
  --sessions <n>  that each condition must have (default: 60)
  --checks <n>    drawn for each condition (default: 10000)
  --latency       --collect measures latency in every session, not one of eight
  --seed <n>      of what is drawn (default: 1)
  --help          this

A against A is the producer as it ships on both sides. A slowed candidate is
wrapped to burn CPU, and its base in the same way to burn none.

--live and --collect store what they measured under runs/bench-gate/, go on where
they were cut off, and want a quiet machine. Live first: what it measures need
not be collected.`;

const values = readOptions();
const sessionsPerCondition = values.sessions;
const { seed } = values;
const isResampling = values.resample || !(values.collect || values.live);
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
const { signal } = interrupt;
const say = (text: string): void => console.log(text);

try {
  announce();
  if (values.live) await runLive({ signal, say });
  if (values.collect && !signal.aborted) {
    await collect({ sessionsPerCondition, latency: values.latency, seed, signal, say });
  }
  if (!signal.aborted) report();
} catch (error) {
  if (!signal.aborted) throw error;
}
if (signal.aborted) {
  say('stopped; what is measured is stored, and the same command goes on from there');
  process.exitCode = 130;
}

function announce(): void {
  if (values.live) {
    const checks = missingLive().reduce((sum, [, count]) => sum + count, 0);
    const each = LIVE_SESSIONS * SESSION_SECONDS + LIVE_START_SECONDS;
    say(`live: ${checks} checks of about ${Math.round(each)} s: ${minutes(checks * each)}`);
  }
  if (values.collect) {
    const sessions = [...missingSessions(sessionsPerCondition).values()].reduce(
      (sum, count) => sum + count,
      0,
    );
    const each = SESSION_SECONDS + LATENCY_SECONDS / (values.latency ? 1 : LATENCY_EVERY);
    const fewer = values.live ? ', fewer by what the live checks measure' : '';
    say(`collect: ${sessions} sessions of about ${each.toFixed(1)} s: ${minutes(sessions * each)}${fewer}`);
  }
  if (isResampling) say(`resample: about ${RESAMPLE_SECONDS} s`);
}

function report(): void {
  let isMet = true;
  const directory = measuredDirectory();
  if (isResampling) say(`\nmeasured sessions: ${relative(process.cwd(), directory)}`);
  if (values.live || (isResampling && readLive(directory).length > 0)) isMet = reportLive(say, directory);
  if (isResampling) isMet = reportResampled({ checks: values.checks, seed, directory, say }) && isMet;
  if (!isMet) process.exitCode = 1;
}

function minutes(seconds: number): string {
  return `${Math.ceil(seconds / 60)} min`;
}

interface GateScriptOptions {
  readonly collect: boolean;
  readonly resample: boolean;
  readonly live: boolean;
  readonly latency: boolean;
  readonly sessions: number;
  readonly checks: number;
  readonly seed: number;
}

/** Ends the process for --help (0) and for what it cannot read (2). */
function readOptions(): GateScriptOptions {
  try {
    const { values: given } = parseArgs({
      options: {
        collect: { type: 'boolean', default: false },
        resample: { type: 'boolean', default: false },
        live: { type: 'boolean', default: false },
        sessions: { type: 'string', default: '60' },
        checks: { type: 'string', default: '10000' },
        latency: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (given.help) {
      console.log(HELP);
      process.exit(0);
    }
    return {
      ...given,
      sessions: parseCount(given.sessions, 1, 100_000),
      checks: parseCount(given.checks, 1, 10_000_000),
      seed: parseCount(given.seed, 0, 2 ** 32 - 1),
    };
  } catch (error) {
    console.error(`bench:gate: ${(error as Error).message}\n(--help shows what there is)`);
    process.exit(2);
  }
}
