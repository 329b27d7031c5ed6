/** `tidemark run` against a real cluster: it passes, says what the cluster did to it, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Cluster } from '../../core/client/cluster.ts';
import { Producer } from '../../core/producer/producer.ts';
import type { TrialResult } from '../../reports/result.ts';
import { readResult } from '../../reports/result-schema.ts';
import { endWithParent } from '../kafka/bound-process.ts';
import type { KafkaCluster } from '../kafka/start-kafka.ts';
import { connectAdmin, makeTopic } from './connect-admin.ts';
import { topicEnds } from './partition-leaders.ts';
import { runTidemark } from './run-tidemark.ts';
import { settleAll } from './settled-sends.ts';
import { startTestKafka } from './start-test-kafka.ts';

const BYSTANDER = 'bystander';
const OWN_TOPIC = 'made-by-the-user';
const OWN_PARTITIONS = 5;
const RUN_TIMEOUT_MS = 300_000;
const FULL_SAMPLE = 24;
const QUOTA_BYTES_PER_SECOND = 1_000_000;
/** Whom the quota is for. */
const THROTTLED_CLIENT = 'on-a-short-leash';

endWithParent();
let kafka: KafkaCluster;
let admin: Cluster;
let directory: string;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-runs-'));
  kafka = await startTestKafka({ config: { 'auto.create.topics.enable': 'false' } });
  admin = await connectAdmin(kafka.bootstrapServers);
  await makeTopic(admin, BYSTANDER, { partitions: 2 });
  await makeTopic(admin, OWN_TOPIC, { partitions: OWN_PARTITIONS });
  await using producer = new Producer({ 'bootstrap.servers': kafka.bootstrapServers });
  const records = [BYSTANDER, OWN_TOPIC].map((topic) => ({ topic, value: 'was here before', partition: 0 }));
  for (const { error } of await settleAll(producer, records, 30_000)) assert.equal(error, null);
});

after(async () => {
  await admin?.close();
  await kafka?.close();
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
});

/** A run against the cluster that must end well; its result and what it printed. */
async function run(name: string, ...args: readonly string[]) {
  const out = join(directory, name);
  const servers = ['--bootstrap-server', kafka.bootstrapServers];
  const { code, output } = await runTidemark(['run', ...args, ...servers, '--out', out], RUN_TIMEOUT_MS);
  assert.equal(code, 0, output);
  return { ...readResult(out), output, out };
}

function assertAllWell(trials: readonly TrialResult[]): void {
  for (const { status, error, records, producer } of trials) {
    assert.deepEqual({ status, error }, { status: 'ok', error: null });
    assert.ok(records.acknowledged > 0);
    assert.equal(records.failed, 0);
    // Without acknowledgements nobody promised that all arrives.
    if (producer['acks'] !== '0') assert.ok([0, null].includes(records.lost), `${records.lost} lost`);
    assert.ok([records.duplicated, records.reordered, records.corrupted].every((n) => n === 0 || n === null));
  }
}

async function listTopics(): Promise<string[]> {
  const to = ['--bootstrap-server', kafka.bootstrapServers];
  const output = await kafka.toolOutput('org.apache.kafka.tools.TopicCommand', [...to, '--list']);
  return output.trim().split('\n');
}

async function assertNothingTouched(): Promise<void> {
  assert.deepEqual(await listTopics(), [BYSTANDER, OWN_TOPIC].sort());
  assert.deepEqual(await topicEnds(kafka, BYSTANDER), [1, 0]);
}

test('run quick passes; more replicas than brokers are capped, and it is said; its topics are gone, others as they were', async () => {
  const { trials, notes, output } = await run(
    'quick',
    'quick',
    '--duration',
    '300ms',
    '--replication-factor',
    '3',
  );
  assert.ok(trials.length >= 18, `${trials.length} trials`);
  assertAllWell(trials);
  assert.ok(trials.every(({ topic }) => topic.replicationFactor === 1));
  assert.match(notes.join('\n'), /replication factor 3 capped to 1/);
  assert.match(output, /replication factor 3 capped to 1/);
  const prefixes = new Set(trials.map(({ topic }) => /^quick-[0-9a-f]{8}-/.exec(topic.name)?.[0]));
  assert.ok(prefixes.size === 1 && !prefixes.has(undefined), `topics like ${trials[0]!.topic.name}`);
  await assertNothingTouched();
});

test(`run full --sample ${FULL_SAMPLE} --duration 1s passes`, async () => {
  // One of its three rounds: each configuration once.
  const sample = ['--sample', String(FULL_SAMPLE), '--repeats', '1'];
  const { trials } = await run('full', 'full', ...sample, '--duration', '1s');
  assert.ok(trials.length >= FULL_SAMPLE, `${trials.length} trials`);
  assertAllWell(trials);
  await assertNothingTouched();
});

test('--topic NAME: that topic is written to, as it is, and stays', async () => {
  const { trials } = await run('own', 'acks', '--duration', '300ms', '--repeats', '1', '--topic', OWN_TOPIC);
  assertAllWell(trials);
  for (const { topic } of trials) {
    assert.deepEqual(topic, { name: OWN_TOPIC, partitions: OWN_PARTITIONS, replicationFactor: 1 });
  }
  const ends = await topicEnds(kafka, OWN_TOPIC);
  const acknowledged = trials.reduce((total, { records }) => total + records.acknowledged, 0);
  assert.ok(
    ends.reduce((total, end) => total + end, 0) > acknowledged,
    'what was there before is there still',
  );
  await assertNothingTouched();
});

test('--topic with a name that does not exist: bad input, nothing created', async () => {
  const args = [
    'run',
    'quick',
    '--duration',
    '300ms',
    '--topic',
    'nobody-made-it',
    '--out',
    join(directory, 'none'),
  ];
  const { code, output } = await runTidemark([...args, '--bootstrap-server', kafka.bootstrapServers], 60_000);
  assert.equal(code, 2, output);
  assert.match(output, /nobody-made-it/);
  await assertNothingTouched();
});

test('a produce quota throttles: producer and report say by how much', async () => {
  await setQuota('--add-config', `producer_byte_rate=${QUOTA_BYTES_PER_SECOND}`);
  try {
    const { trials, out } = await run(
      'quota',
      ...['quick', '--sample', '1', '--duration', '500ms', '--repeats', '1'],
      ...['--producer-property', `client.id=${THROTTLED_CLIENT}`],
    );
    assertAllWell(trials);
    const throttled = trials.filter(({ delivery }) => delivery!.throttleTimeMs > 0);
    assert.ok(throttled.length > 0, 'no trial was throttled');
    for (const { delivery, notes } of throttled) {
      assert.match(notes.join('\n'), new RegExp(`throttled: .* ${delivery!.throttleTimeMs} ms`));
    }
    for (const name of ['report.md', 'report.html']) {
      const report = readFileSync(join(out, name), 'utf8');
      const told = new RegExp(`throttled: .* ${throttled[0]!.delivery!.throttleTimeMs} ms`);
      assert.match(report, told, name);
    }

    await using producer = new Producer({
      'bootstrap.servers': kafka.bootstrapServers,
      'client.id': THROTTLED_CLIENT,
      'batch.size': 50_000,
    });
    const startedMs = performance.now();
    // The quota allows bursts: its window is ten seconds and one.
    const bytes = QUOTA_BYTES_PER_SECOND * 13;
    const records = Array.from({ length: bytes / 10_000 }, () => ({
      topic: OWN_TOPIC,
      value: Buffer.alloc(10_000),
    }));
    for (const { error } of await settleAll(producer, records, 60_000)) assert.equal(error, null);
    const { throttleTimeMs } = producer.stats();
    assert.ok(
      throttleTimeMs > 1_000,
      `${bytes} bytes in ${performance.now() - startedMs} ms, ${throttleTimeMs} ms of throttling`,
    );
  } finally {
    await setQuota('--delete-config', 'producer_byte_rate');
  }
});

async function setQuota(...change: readonly string[]): Promise<void> {
  const output = await kafka.toolOutput('kafka.admin.ConfigCommand', [
    ...['--bootstrap-server', kafka.bootstrapServers, '--alter', ...change],
    ...['--entity-type', 'clients', '--entity-name', THROTTLED_CLIENT],
  ]);
  assert.match(output, /Completed updating config for client on-a-short-leash/);
}
