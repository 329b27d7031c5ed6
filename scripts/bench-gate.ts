/**
 * `npm run bench:gate`: how often `tidemark check` cries wolf, and how often it finds what is there.
 *
 *     --live       real checks by the command itself: 20 of A against A, 10 of a candidate slower by 5 %; their sessions
 *                  are stored with the collected ones
 *     --collect    real sessions of A against A and of candidates slower by 2, 5 and 10 %, with and without a neighbour that
 *                  burns one core in bursts, until each condition has enough (--sessions 60)
 *     --resample   10,000 checks of each condition (--checks) from the stored sessions, decided by the product's own code;
 *                  exit 1 when a demand is not met
 *
 * Without any of them: --resample. --live and --collect store what they measured under scripts/bench-gate/data/, go on
 * where they were cut off, and want a quiet machine. Live first: what it measures need not be collected.
 */
import { parseArgs } from 'node:util';
import { collect, missingSessions } from './bench-gate/collect.ts';
import { missingLive, readLive, reportLive, runLive } from './bench-gate/live.ts';
import { reportResampled } from './bench-gate/report-resampled.ts';

/** As seen on two cores. */
const SESSION_SECONDS = 7.6;
const LATENCY_SECONDS = 3.3;
const LIVE_SESSIONS = 9;
const LIVE_START_SECONDS = 2;
const RESAMPLE_SECONDS = 10;

const { values } = parseArgs({
  options: {
    collect: { type: 'boolean', default: false },
    resample: { type: 'boolean', default: false },
    live: { type: 'boolean', default: false },
    sessions: { type: 'string', default: '60' },
    checks: { type: 'string', default: '10000' },
    latency: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});
const sessionsPerCondition = Number(values.sessions);
const seed = Number(values.seed);
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
    const each = SESSION_SECONDS + (values.latency ? LATENCY_SECONDS : 0);
    const fewer = values.live ? ', fewer by what the live checks measure' : '';
    say(`collect: ${sessions} sessions of about ${each.toFixed(1)} s: ${minutes(sessions * each)}${fewer}`);
  }
  if (isResampling) say(`resample: about ${RESAMPLE_SECONDS} s`);
}

function report(): void {
  let isMet = true;
  if (values.live || (isResampling && readLive().length > 0)) isMet = reportLive(say);
  if (isResampling) isMet = reportResampled({ checks: Number(values.checks), seed, say }) && isMet;
  if (!isMet) process.exitCode = 1;
}

function minutes(seconds: number): string {
  return `${Math.ceil(seconds / 60)} min`;
}
