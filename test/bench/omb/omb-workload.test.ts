import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withOmbDriver } from '../../../bench/omb/omb-driver.ts';
import { loadSuite } from '../../../bench/suite/load-suite.ts';
import type { LoadedSuite } from '../../../bench/suite/loaded-suite.ts';
import { planRun } from '../../../bench/sweep/plan.ts';
import { NO_FLAGS } from '../../../bench/sweep/run-flags.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

function load(path: string): LoadedSuite {
  return loadSuite({ name: 'omb-workload', path, shownAs: 'omb-workload.yaml' });
}

function loadText(t: TestContext, text: string): LoadedSuite {
  const directory = temporary(t);
  const path = join(directory, 'omb-workload.yaml');
  writeFileSync(path, text);
  return load(path);
}

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-omb-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const SMALL = 'topics: 1\npartitionsPerTopic: 4\nmessageSize: 100\nproducerRate: 1000\n';

test('a workload with a payload file is one paced configuration at its rate, the file as a whole one record', (t) => {
  const directory = temporary(t);
  mkdirSync(join(directory, 'workloads'));
  mkdirSync(join(directory, 'payload'));
  writeFileSync(join(directory, 'payload', 'payload-1Kb.data'), `line\n${'x'.repeat(1019)}`);
  const file = join(directory, 'workloads', 'omb-workload.yaml');
  copyFileSync(join(FIXTURES, '1-topic-16-partitions-1kb.yaml'), file);
  const { suite, notes } = load(file);
  assert.equal(suite.topic.partitions, 16);
  assert.deepEqual(suite.keys, { kind: 'none' });
  assert.equal(suite.load.generators, 1);
  assert.equal(suite.load.saturated, '0ms');
  assert.equal(suite.load.paced, '900000ms');
  assert.equal(suite.load.warmup, '60000ms');
  assert.deepEqual(suite.load.pace, { recordsPerSecond: 50_000 });
  assert.match(
    notes!.join('\n'),
    /^subscriptionsPerTopic, consumerPerSubscription: consumers \(1 per topic\)/m,
  );
  const { plan } = planRun(load(file), NO_FLAGS, directory);
  assert.equal(plan.trials.length, 1);
  const { payload } = plan.trials[0]!.workload;
  assert.equal(payload.kind === 'file' && payload.path, join(directory, 'payload', 'payload-1Kb.data'));
  assert.match(plan.notes.join('\n'), /consumers \(\d+ per topic\) are left out/);
});

test('topics become partitions of one, producers generators, and payloads as random as it says', () => {
  const { suite, notes } = load(join(FIXTURES, '1m-10-topics-16-partitions-100b.yaml'));
  assert.equal(suite.topic.partitions, 160);
  assert.equal(suite.load.generators, 10);
  assert.deepEqual(suite.payload, { kind: 'fixed', sizeBytes: 100, poolSize: 1000, randomShare: 0.5 });
  assert.deepEqual(suite.load.pace, { recordsPerSecond: 1_000_000 });
  assert.match(notes!.join('\n'), /10 topics of 16 partitions are one topic with 160/);
});

test('a rate of 0 is the saturated phase', (t) => {
  const text = SMALL.replace('producerRate: 1000', 'producerRate: 0');
  const { suite, notes } = loadText(t, `${text}testDurationMinutes: 0.5\nkeyDistributor: KEY_ROUND_ROBIN\n`);
  assert.equal(suite.load.saturated, '30000ms');
  assert.equal(suite.load.paced, '0ms');
  assert.deepEqual(suite.keys, { kind: 'uniform', cardinality: 10_000 });
  assert.match(notes!.join('\n'), /^producerRate: 0 is a closed loop/m);
  assert.match(notes!.join('\n'), /^keyDistributor: KEY_ROUND_ROBIN/m);
});

test('what cannot be honoured is said: consumers, backlog, unknown keys with the nearest', (t) => {
  const more =
    'subscriptionsPerTopic: 2\nconsumerPerSubscription: 3\nconsumerBacklogSizeGB: 5\nmesageSize: 3\n';
  const { notes } = loadText(t, `${SMALL}testDurationMinutes: 1\n${more}`);
  const text = notes!.join('\n');
  assert.match(text, /consumers \(6 per topic\) are left out/);
  assert.match(text, /backlog of 5 GB is not built/);
  assert.match(text, /mesageSize: not a key of a workload, passed over; did you mean messageSize\?/);
});

test('mistakes are named with file and line, all at once', (t) => {
  const text = 'topics: 0\npartitionsPerTopic: 4\nmessageSize: big\n\ntestDurationMinutes: 1\n';
  assert.throws(() => loadText(t, text), {
    message:
      'omb-workload.yaml:1: topics: too small, got 0, expected at least 1\nomb-workload.yaml:3: messageSize: wrong type, got "big", expected a number',
  });
  const never = 'topics: 1\nmessageSize: -1\nproducerRate: .inf\ntestDurationMinutes: 0\n';
  assert.throws(() => loadText(t, never), {
    message: [
      'omb-workload.yaml:2: messageSize: too small, got -1, expected at least 1',
      'omb-workload.yaml:3: producerRate: wrong type, got Infinity, expected a number',
      'omb-workload.yaml:4: testDurationMinutes: too small, got 0, expected more than 0',
    ].join('\n'),
  });
  const large = 'topics: 20000\npartitionsPerTopic: 4\nmessageSize: 1\ntestDurationMinutes: 1\n';
  assert.throws(() => loadText(t, large), /omb-workload\.yaml:2: partitionsPerTopic: 20000 topics of 4/);
  assert.throws(() => loadText(t, SMALL), /testDurationMinutes: is missing/);
});

test('a payload file that is not there is refused, unless a flag gives another payload', () => {
  const loaded = load(join(FIXTURES, '1-topic-16-partitions-1kb.yaml'));
  assert.throws(() => planRun(loaded, NO_FLAGS, FIXTURES), /payload-1Kb\.data cannot be read/);
  const { plan } = planRun(loaded, { ...NO_FLAGS, recordSizeBytes: 1024 }, FIXTURES);
  assert.equal(plan.trials[0]!.workload.payload.kind, 'fixed');
});

test('a driver file gives producer properties, topic configs and replicas, each with its line', () => {
  const loaded = load(join(FIXTURES, '1m-10-topics-16-partitions-100b.yaml'));
  const file = { shown: 'kafka-compression-lz4.yaml', workingDirectory: FIXTURES };
  const driven = withOmbDriver(loaded, { ...file, isEmbedded: false });
  assert.equal(driven.suite.producer['compression.type'], 'lz4');
  assert.equal(driven.suite.producer['batch.size'], '1048576');
  assert.equal(driven.suite.topic.replicationFactor, 3);
  assert.deepEqual(driven.suite.topic.configs, { 'min.insync.replicas': '2' });
  assert.equal(driven.placeOf(['producer', 'linger.ms']), 'kafka-compression-lz4.yaml:30');
  assert.match(driven.notes!.join('\n'), /consumerConfig left out/);
  const flags = { ...NO_FLAGS, bootstrapServer: 'kafka-1:9092' };
  const { plan } = planRun(driven, flags, FIXTURES);
  assert.equal(plan.base['acks'], 'all');
  assert.equal(plan.base['linger.ms'], '1');
  const tooFew = { ...flags, replicationFactor: 1 };
  assert.throws(() => planRun(driven, tooFew, FIXTURES), /min\.insync\.replicas: got 2, expected at most/);
});

test('replicas of a driver file are left out where nothing replicates, and that is said', () => {
  const loaded = load(join(FIXTURES, '1m-10-topics-16-partitions-100b.yaml'));
  const driven = withOmbDriver(loaded, {
    shown: 'kafka-compression-lz4.yaml',
    workingDirectory: FIXTURES,
    isEmbedded: true,
  });
  assert.equal(driven.suite.topic.replicationFactor, 1);
  assert.deepEqual(driven.suite.topic.configs, {});
  assert.match(driven.notes!.join('\n'), /replicationFactor 3 and min\.insync\.replicas=2 left out/);
});

test('a driver file in the place of a workload says what to do', () => {
  assert.throws(
    () => load(join(FIXTURES, 'kafka-compression-lz4.yaml')),
    /omb-workload\.yaml:17: a driver file .* --omb-driver/,
  );
});
