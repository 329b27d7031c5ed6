/**
 * `npm run bench:gate`: how often `tidemark check` cries wolf, and how often it finds what is there.
 *
 *     --collect    real sessions of A against A and of candidates slower by 2, 5 and 10 %, with and without a neighbour that
 *                  burns one core in bursts, until each condition has enough; stored, so it can be cut off and goes on
 *     --live       real checks by the command itself: 20 of A against A, 10 of a candidate slower by 5 %; their sessions are
 *                  stored too
 *     --resample   10,000 checks of each condition from the stored sessions, decided by the product's own code;
 *                  exit 1 when a demand is not met
 *
 * Without any of them: --resample. Measure on a quiet machine.
 */
import { parseArgs } from 'node:util';
import { collect, missingSessions } from './bench-gate/collect.ts';

const SESSION_SECONDS = 7.6;
const LATENCY_SECONDS = 3.3;

const { values } = parseArgs({
  options: {
    collect: { type: 'boolean', default: false },
    resample: { type: 'boolean', default: false },
    live: { type: 'boolean', default: false },
    sessions: { type: 'string', default: '60' },
    latency: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});
const sessionsPerCondition = Number(values.sessions);
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());
const say = (text: string): void => console.log(text);

const each = SESSION_SECONDS + (values.latency ? LATENCY_SECONDS : 0);
if (values.collect) {
  const count = [...missingSessions(sessionsPerCondition).values()].reduce((sum, left) => sum + left, 0);
  say(`collect: ${count} sessions of about ${each.toFixed(1)} s: ${minutes(count * each)}`);
  await collect({
    sessionsPerCondition,
    latency: values.latency,
    seed: Number(values.seed),
    signal: interrupt.signal,
    say,
  });
}

function minutes(seconds: number): string {
  return `${Math.ceil(seconds / 60)} min`;
}
