import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSession, type SessionOptions, type SessionResult } from '../../../bench/duet/session.ts';
import { type FakeBehaviour, type FakeDuet, fakeDuet, fakeSide } from './fake-duet.ts';

const LOAD = { recordSizeBytes: 100, poolSize: 10, recordsPerSend: 10, inFlight: 100 };

interface Run {
  readonly duet: FakeDuet;
  readonly result: Promise<SessionResult>;
}

function run(
  behaviours: Readonly<Record<string, FakeBehaviour>>,
  options: Partial<SessionOptions> = {},
): Run {
  const duet = fakeDuet(behaviours);
  const result = runSession(fakeSide('base'), fakeSide('candidate'), {
    target: duet.target,
    start: duet.start,
    load: LOAD,
    partitions: 3,
    latency: false,
    seed: 1,
    number: 0,
    signal: new AbortController().signal,
    ...options,
  });
  return { duet, result };
}

const callsOf = ({ calls }: FakeDuet, what: RegExp): string[] => calls.filter((call) => what.test(call));

test('each side is warmed for 1.5 s in alternating slices, then measured in 10 quads of ABBA or BAAB', async () => {
  const { duet, result } = run({});
  await result;
  const warm = callsOf(duet, /closed 300/).map((call) => call.split(' ')[0]);
  assert.equal(warm.length, 10);
  assert.ok(warm.every((side, index) => index === 0 || side !== warm[index - 1]));
  const measured = callsOf(duet, /closed 100/).map((call) => (call.startsWith('base') ? 'A' : 'B'));
  const quads = Array.from({ length: 10 }, (_, quad) => measured.slice(4 * quad, 4 * quad + 4).join(''));
  assert.equal(measured.length, 40);
  assert.deepEqual([...new Set(quads)].sort(), ['ABBA', 'BAAB']);
});

test('orders follow from seed and number, and differ between sessions', async () => {
  const orderOf = async (options: Partial<SessionOptions>): Promise<string> => {
    const { duet, result } = run({}, options);
    await result;
    return duet.calls.join();
  };
  assert.equal(await orderOf({ seed: 7, number: 2 }), await orderOf({ seed: 7, number: 2 }));
  assert.notEqual(await orderOf({ seed: 7, number: 2 }), await orderOf({ seed: 7, number: 3 }));
  assert.notEqual(await orderOf({ seed: 7, number: 2 }), await orderOf({ seed: 8, number: 2 }));
});

test('which side starts first is a toss', async () => {
  const firsts = new Set<string>();
  for (let number = 0; number < 20; number++) {
    const { duet, result } = run({}, { number });
    await result;
    firsts.add(duet.calls[0]!);
  }
  assert.deepEqual([...firsts].sort(), ['base start', 'candidate start']);
});

test('its log-ratio is the trimmed mean over the pairs: a slow fifth changes nothing', async () => {
  // Of 20 measured segments, after 5 of warm-up, every fifth is disturbed.
  const cpuNsPerRecord = (segment: number): number => (segment % 5 === 0 ? 5000 : 550);
  const { result } = run({ candidate: { cpuNsPerRecord, recordsPerSecond: 8000 } });
  const { logRatios, base, candidate, records } = await result;
  assert.ok(Math.abs(logRatios.cpuNsPerRecord! - Math.log(1.1)) < 1e-12);
  assert.ok(Math.abs(logRatios.recordsPerSecond! - Math.log(0.8)) < 1e-12);
  assert.deepEqual([base.cpuNsPerRecord, candidate.cpuNsPerRecord], [500, 550]);
  assert.deepEqual(records, { base: 35_000, candidate: 28_000 });
});

test('latency is measured only when asked for, at 30 % of what the slower side reached', async () => {
  const without = run({});
  assert.equal((await without.result).logRatios.latencyP99Ms, null);
  assert.equal(callsOf(without.duet, /open/).length, 0);
  const withIt = run({ candidate: { recordsPerSecond: 5000, p99Ms: 6 } }, { latency: true });
  const { logRatios, base, openRecordsPerSecond } = await withIt.result;
  assert.equal(openRecordsPerSecond, 1500);
  assert.equal(callsOf(withIt.duet, /open 200 at 1500/).length, 16);
  assert.ok(Math.abs(logRatios.latencyP99Ms! - Math.log(1.5)) < 1e-12);
  assert.equal(base.latencyP50Ms, 1);
});

test('a driver that cannot tell its CPU leaves that metric out, and only that', async () => {
  const { result } = run({ base: { cpuNsPerRecord: () => null } });
  const { logRatios, base, candidate } = await result;
  assert.deepEqual(
    [logRatios.cpuNsPerRecord, base.cpuNsPerRecord, candidate.cpuNsPerRecord],
    [null, null, 500],
  );
  assert.equal(logRatios.recordsPerSecond, 0);
});

test('one segment without CPU and the session has none: leaving it out would choose', async () => {
  const { result } = run({ base: { cpuNsPerRecord: (segment) => (segment === 12 ? 0 : 500) } });
  assert.equal((await result).logRatios.cpuNsPerRecord, null);
});

for (const lie of [1, -1]) {
  test(`a driver that claims ${lie} record more than the log holds fails the session: exit 3, its output shown`, async () => {
    const { duet, result } = run({ candidate: { lie } });
    await assert.rejects(result, {
      exitCode: 3,
      message: `candidate (candidate): the driver says that ${35_000 + lie} records were acknowledged, but its topic holds 35000\nIts output:\n  | candidate says something`,
    });
    assert.deepEqual([duet.topics.size, duet.running.size], [0, 0]);
  });
}

test('whatever fails, processes and topics are gone afterwards', async () => {
  for (const behaviours of [
    { base: { diesAt: 3 } },
    { candidate: { diesAt: 17 } },
    { candidate: { failsToStart: new Error('no') } },
    {},
  ]) {
    const { duet, result } = run(behaviours);
    await result.catch(() => {});
    assert.deepEqual([duet.topics.size, duet.running.size], [0, 0]);
  }
});

test('a side that does not start ends the session with its reason', async () => {
  const { result } = run({ base: { failsToStart: new Error('it does not build') } });
  await assert.rejects(result, /it does not build/);
});

test('an abort ends the session as interrupted', async () => {
  const controller = new AbortController();
  const cpuNsPerRecord = (segment: number): number => {
    if (segment === 9) controller.abort();
    return 500;
  };
  const { duet, result } = run({ base: { cpuNsPerRecord } }, { signal: controller.signal });
  await assert.rejects(result, { kind: 'INTERRUPTED' });
  assert.deepEqual([duet.topics.size, duet.running.size], [0, 0]);
  assert.ok(callsOf(duet, /^base closed/).length <= 10);
});
