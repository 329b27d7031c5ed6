import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { nextTrial, pacedRateOf } from '../../../bench/run/run-trials.ts';
import { findSuite } from '../../../bench/suite/find-suite.ts';
import { loadSuite } from '../../../bench/suite/load-suite.ts';
import { type Plan, planRun } from '../../../bench/sweep/plan.ts';
import { NO_FLAGS, type RunFlags } from '../../../bench/sweep/run-flags.ts';
import type { TrialResult } from '../../../reports/result.ts';
import type { TrialSpec } from '../../../workers/trial-spec.ts';

function set(text: string): RunFlags['set'][number] {
  const separator = text.indexOf('=');
  return { property: text.slice(0, separator), levels: text.slice(separator + 1).split(',') };
}

function plan(sets: readonly string[], flags: Partial<RunFlags> = {}, suite = 'quick'): Plan {
  const given = { ...NO_FLAGS, set: sets.map(set), ...flags };
  return planRun(loadSuite(findSuite(suite, '.')), given, '.').plan;
}

function suiteOf(context: TestContext, yaml: string): Plan {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-workload-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'own.yaml'), `description: own\n${yaml}`);
  return planRun(loadSuite(findSuite('own.yaml', directory)), NO_FLAGS, directory).plan;
}

const FIXED = ['batch.size=16384', 'linger.ms=0', 'compression.type=none', 'acks=all'];
const PARTITIONERS = 'partitioner.class=keyed,round-robin,random';

/** A journal in which these trials went well, each reaching so many records/s for each of its partitions. */
function journalOf(given: Plan, done: readonly TrialSpec[], perPartition = 1000) {
  const entries = done.map((spec) => {
    const reached = spec.topic.partitions * perPartition;
    const { pace } = spec.load;
    const pacedRate = pace.kind === 'rate' ? pace.recordsPerSecond : Math.round(reached * pace.ofBase);
    const result = { id: spec.id, status: 'ok', pacedRate, throughput: { recordsPerSecond: reached } };
    return { type: 'trial', result: result as unknown as TrialResult, histogram: null } as const;
  });
  const header = { plan: given } as Parameters<typeof nextTrial>[0]['header'];
  return { header, entries };
}

/** All trials in the order in which they would run, each with the rate it would be told. */
function ran(given: Plan): { spec: TrialSpec; rate: number | null }[] {
  const done: { spec: TrialSpec; rate: number | null }[] = [];
  for (;;) {
    const journal = journalOf(
      given,
      done.map(({ spec }) => spec),
    );
    const spec = nextTrial(journal);
    if (spec === null) return done;
    done.push({ spec, rate: pacedRateOf(spec, journal) });
  }
}

test('partitions and rate are varied like properties, and never become one', () => {
  const { trials, factors, baseWorkload } = plan([...FIXED, 'partitions=3,12,24', 'rate=2000,30%,70%']);
  assert.deepEqual(factors.slice(-2), [
    { property: 'partitions', levels: ['12', '3', '24'] },
    { property: 'rate', levels: ['30%', '2000', '70%'] },
  ]);
  assert.deepEqual(baseWorkload, { send: 'callback', partitions: '12', rate: '30%' });
  for (const { factor, level, topic, load, producer } of trials) {
    assert.equal(topic.partitions, factor === 'partitions' ? Number(level) : 12);
    const paces = new Map([
      ['2000', { kind: 'rate', recordsPerSecond: 2000 }],
      ['70%', { kind: 'share', ofBase: 0.7 }],
    ]);
    assert.deepEqual(load.pace, (factor === 'rate' && paces.get(level!)) || { kind: 'share', ofBase: 0.3 });
    assert.ok(!('partitions' in producer || 'rate' in producer));
  }
});

test('one value fixes the workload of the whole run', () => {
  const { trials, factors } = plan([...FIXED, PARTITIONERS, 'partitions=5', 'rate=50%']);
  assert.deepEqual(
    factors.map(({ property }) => property),
    ['partitioner.class'],
  );
  for (const { topic, load } of trials) {
    assert.equal(topic.partitions, 5);
    assert.deepEqual(load.pace, { kind: 'share', ofBase: 0.5 });
  }
});

test('a level of a property may bring a rate along', (context) => {
  const { trials } = suiteOf(
    context,
    'factors:\n  linger.ms: [0, { value: 1000, with: { rate: 500 } }]\n  partitions: [12, 24]\ndesign: full\n',
  );
  const rates = trials.map(({ producer, load, topic }) => [
    producer['linger.ms'],
    topic.partitions,
    load.pace.kind,
  ]);
  assert.deepEqual(rates.sort(), [
    ...[
      ['0', 12, 'share'],
      ['0', 24, 'share'],
      ['1000', 12, 'rate'],
      ['1000', 24, 'rate'],
      ['5', 12, 'share'],
      ['5', 12, 'share'],
      ['5', 12, 'share'],
    ],
  ]);
});

test('what cannot be is refused with its place, and says what is expected', (context) => {
  const refused: [string, RegExp][] = [
    ['partitions=0,3', /--set partitions=0,3: partitions: got '0', expected a whole number from 1 to 10000/],
    ['partitions=3,10001', /got '10001'/],
    ['rate=fast,1', /rate: got 'fast', expected a whole number .*, or a share of what the base reaches: 70%/],
    ['rate=0%,10%', /rate: got '0%'/],
    ['rate=101%,10%', /rate: got '101%', expected at most 100%/],
  ];
  for (const [text, message] of refused) assert.throws(() => plan([text]), { message });
  assert.throws(() => plan(['rate=10%,20%'], { throughput: 100 }), /needs a saturated phase/);
  assert.throws(() => plan(['rate=10,20'], { throughput: -1 }), /there is no paced phase/);
  const elsewhere = { topic: 'orders', bootstrapServer: 'a:1' };
  assert.throws(() => plan(['partitions=1,2'], elsewhere), /partitions: the topic orders exists/);
  assert.throws(() => suiteOf(context, 'producer:\n  partitions: 3\n'), {
    message: /own\.yaml:3: partitions is not a producer property/,
  });
  assert.throws(() => suiteOf(context, 'factors:\n  rate: [1, -1]\n'), {
    message: /own\.yaml:3: rate: got '-1'/,
  });
});

test("a share is of what the base reaches at the trial's own partitions, which is measured first", () => {
  const given = plan([...FIXED, PARTITIONERS, 'partitions=12,24,48'], { design: 'full', seed: 3 });
  const trials = ran(given);
  assert.equal(trials.length, given.trials.length);
  const seen = new Set<number>();
  for (const { spec, rate } of trials) {
    const isReference = spec.producer['partitioner.class'] === given.base['partitioner.class'];
    if (!seen.has(spec.topic.partitions)) {
      assert.ok(isReference, `${spec.id} came before its reference`);
      assert.equal(rate, null);
    } else {
      assert.equal(rate, spec.topic.partitions * 300);
    }
    seen.add(spec.topic.partitions);
  }
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [12, 24, 48],
  );
});

test('where a grid has no base at those partitions, the base itself gives the rate', () => {
  const sets = [...FIXED, 'partitioner.class=round-robin,random', 'partitions=24,48'];
  const [base, ...others] = ran(plan(sets, { design: 'full' }));
  assert.equal(base!.spec.topic.partitions, 12);
  for (const { rate } of others) assert.equal(rate, 3600);
});

test('other shares and other forms of send() are paced by the base too', () => {
  const trials = ran(
    plan([...FIXED, 'partitioner.class=keyed', 'rate=30%,70%', 'send=callback,promise'], { design: 'full' }),
  );
  for (const { spec, rate } of trials.slice(1)) {
    assert.equal(rate, spec.load.pace.kind === 'share' ? 12_000 * spec.load.pace.ofBase : 0);
  }
});

test('a rate in records per second needs nothing first', () => {
  const given = plan([...FIXED, PARTITIONERS, 'rate=500']);
  const reversed = { ...given, trials: given.trials.toReversed() };
  const [first] = ran(reversed);
  assert.equal(first!.spec, reversed.trials[0]);
  assert.equal(first!.rate, 500);
});

test('a base that failed gives no rate', () => {
  const given = plan([...FIXED, PARTITIONERS]);
  const journal = journalOf(given, given.trials.slice(0, 1));
  const [entry] = journal.entries;
  const failed = { ...entry!, result: { ...entry!.result, status: 'failed' as const } };
  assert.equal(pacedRateOf(given.trials[1]!, { ...journal, entries: [failed] }), null);
});

test('brokers made slow and bursts come from the suite; another cluster has no such brokers, and that is said', () => {
  const { target, trials, notes, published } = plan([], {}, 'kip-794');
  assert.deepEqual(target, { kind: 'embedded', brokers: 3, processingMs: { 1: 20 } });
  assert.equal(published, 'kip-794');
  assert.ok(trials.every(({ load }) => load.burstRecords === 4));
  assert.ok(notes.every((note) => !note.includes('target.processing')));
  const elsewhere = plan([], { bootstrapServer: 'a:1' }, 'kip-794');
  assert.deepEqual(elsewhere.target, { kind: 'kafka', bootstrapServers: 'a:1' });
  assert.match(elsewhere.notes.join('\n'), /no broker was made slow: target\.processing/);
  assert.ok(!('burstRecords' in plan([]).trials[0]!.load));
});

test('brokers that are not there, and what is no time, are refused with their line', (context) => {
  const target = 'target: { kind: embedded, brokers: 3, processing: ';
  assert.throws(() => suiteOf(context, `${target}{ 0: 20ms, 4: 1ms } }\n`), {
    message:
      /own\.yaml:2: target\.processing: there is no broker 0: brokers are numbered 1 to 3\n.*no broker 4/s,
  });
  assert.throws(() => suiteOf(context, `${target}{ 1: 11s } }\n`), {
    message: /must be from 0 to 10000 ms, got 11000/,
  });
  assert.throws(() => suiteOf(context, `${target}{ 1: soon } }\n`), {
    message: /own\.yaml:2: target\.processing\.1: wrong value, got "soon", expected a number with a unit/,
  });
});
