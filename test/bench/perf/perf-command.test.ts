import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { ClusterThread } from '../../../workers/cluster-thread.ts';
import { type FakeCli, fakeCli } from '../fake-cli.ts';

/**
 * The format string of org.apache.kafka.tools.ProducerPerformance 4.1 (Stats.printTotal), as a pattern; that of 4.2 has
 * a word more in front of "records".
 */
const TOTAL =
  '%d records sent, %.1f records/sec (%.2f MB/sec), %.2f ms avg latency, %.2f ms max latency, %d ms 50th, %d ms 95th, %d ms 99th, %d ms 99.9th.%n';
const WINDOW = '%d records sent, %.1f records/sec (%.2f MB/sec), %.1f ms avg latency, %.1f ms max latency.%n';

function patternOf(javaFormat: string): RegExp {
  const escaped = javaFormat.replace(/[.()]/g, '\\$&').replace(/%\\\.(\d)f/g, '%$1f');
  const numbers = escaped.replace(/%d/g, '(\\d+)').replace(/%(\d)f/g, '(\\d+\\.\\d{$1})');
  return new RegExp(`^${numbers.replace(/%n/g, '\n')}$`);
}

let servers = '';
let cluster: ClusterThread;

before(async () => {
  cluster = await ClusterThread.start({ brokers: 1, host: '127.0.0.1', seed: 0 }, () => {});
  servers = cluster.bootstrapServers;
});
after(() => cluster.close());

const LOAD = ['perf', '--topic', 'perf', '--throughput', '-1', '--num-records', '2000'];

test("the last line has the form of kafka-producer-perf-test's, and nothing else goes to stdout", async (t) => {
  const cli = fakeCli(t);
  const argv = [
    ...LOAD,
    '--record-size',
    '100',
    '--producer-props',
    `bootstrap.servers=${servers}`,
    'acks=1',
  ];
  assert.equal(await cli.run(argv), 0, cli.stderr);
  const [, records, recordsPerSecond, megabytesPerSecond] = patternOf(TOTAL).exec(cli.stdout) ?? [];
  assert.equal(records, '2000', cli.stdout);
  // 1 MB is 2^20 bytes of values.
  const expected = (Number(recordsPerSecond) * 100) / 2 ** 20;
  assert.ok(Math.abs(Number(megabytesPerSecond) - expected) < 0.02, cli.stdout);
});

test('progress lines come at the interval, the steady state has a summary of its own', async (t) => {
  const cli = fakeCli(t);
  const argv = [
    ...['perf', '--topic', 'perf', '--throughput', '5000', '--num-records', '2000', '--payload-monotonic'],
    ...['--bootstrap-server', servers, '--warmup-records', '500', '--reporting-interval', '100'],
  ];
  assert.equal(await cli.run(argv), 0, cli.stderr);
  const lines = cli.stdout.trimEnd().split('\n');
  assert.equal(
    lines[0],
    'Warmup first 500 records. Steady state results will print after the complete test summary.',
  );
  assert.ok(lines.includes('In steady state.'), cli.stdout);
  const window = patternOf(WINDOW);
  assert.ok(lines.filter((line) => window.test(`${line}\n`)).length >= 2, cli.stdout);
  const total = patternOf(TOTAL);
  assert.equal(total.exec(`${lines.at(-2)}\n`)?.[1], '2000', cli.stdout);
  assert.match(lines.at(-1)!, /^1500 steady state records sent, /);
  assert.ok(total.test(`${lines.at(-1)!.replace(' steady state', '')}\n`), cli.stdout);
});

test("a payload file and --print-metrics have the lines that Kafka's tool prints", async (t) => {
  const cli = fakeCli(t);
  writeFileSync(join(cli.directory, 'lines.txt'), 'one\ntwo\nthree\n');
  const argv = [...LOAD, '--payload-file', 'lines.txt', '--bootstrap-server', servers, '--print-metrics'];
  assert.equal(await cli.run(argv), 0, cli.stderr);
  const [reading, read] = cli.stdout.split('\n');
  assert.equal(reading, `Reading payloads from: ${join(cli.directory, 'lines.txt')}`);
  assert.equal(read, 'Number of messages read: 3');
  assert.match(cli.stdout, /^\nMetric Name +Value$/m);
  assert.match(
    cli.stdout,
    /^producer-metrics:record-send-total:\{client-id=perf-producer-client\} +: 2000\.000$/m,
  );
});

test('without a bootstrap server the embedded cluster is started, and that is said', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await cli.run([...LOAD, '--record-size', '10']), 0, cli.stderr);
  assert.match(cli.stderr, /no bootstrap server given: started the embedded cluster .* created perf/);
  assert.match(cli.stdout, patternOf(TOTAL));
});

async function refusal(t: TestContext, ...argv: readonly string[]): Promise<FakeCli> {
  const cli = fakeCli(t);
  assert.equal(await cli.run(argv), 2, cli.stderr);
  assert.equal(cli.stdout, '');
  return cli;
}

test('exactly one kind of payload is asked for', async (t) => {
  assert.match((await refusal(t, ...LOAD)).stderr, /got none of them, expected exactly one of --record-size/);
  const two = await refusal(t, ...LOAD, '--record-size', '10', '--payload-monotonic');
  assert.match(two.stderr, /got --record-size and --payload-monotonic, expected exactly one/);
});

test('transactions are refused with the reason', async (t) => {
  const flag = await refusal(t, ...LOAD, '--record-size', '9', '--transactional-id', 'x');
  assert.match(flag.stderr, /--transactional-id: this producer has no transactions/);
  const property = await refusal(
    t,
    ...[...LOAD, '--record-size', '9', '--command-property', 'transactional.id=x'],
  );
  assert.match(property.stderr, /transactional\.id: this producer has no transactions/);
});

test('what cannot be is refused before anything is started', async (t) => {
  const misspelt = await refusal(
    t,
    ...LOAD,
    '--record-size',
    '9',
    '--producer-props',
    'acsk=1',
    'linger.ms=1',
  );
  assert.match(misspelt.stderr, /acsk .*did you mean acks/);
  assert.doesNotMatch(misspelt.stderr, /embedded/);
  const rate = await refusal(t, ...LOAD.with(4, '0'), '--record-size', '9');
  assert.match(rate.stderr, /--throughput.*got '0', expected records per second above 0/);
  const warmup = await refusal(t, ...LOAD, '--record-size', '9', '--warmup-records', '2000');
  assert.match(warmup.stderr, /--warmup-records 2000 leaves nothing/);
  const twice = await refusal(
    t,
    ...[...LOAD, '--record-size', '9', '--producer.config', 'a', '--command-config', 'b'],
  );
  assert.match(twice.stderr, /two names of one option/);
});

test('--bootstrap-server counts over properties, properties over the file; nobody there is exit 4', async (t) => {
  const cli = fakeCli(t);
  writeFileSync(join(cli.directory, 'p.properties'), 'bootstrap.servers=127.0.0.1:3\nmax.block.ms=1\n');
  const file = [...LOAD, '--record-size', '9', '--command-config', 'p.properties'];
  assert.equal(await cli.run(file), 4);
  assert.match(cli.stderr, /127\.0\.0\.1:3/);
  const property = [...file, '--producer-props', 'bootstrap.servers=127.0.0.1:2'];
  assert.equal(await cli.run(property), 4);
  assert.match(cli.stderr, /127\.0\.0\.1:2/);
  assert.equal(await cli.run([...property, '--bootstrap-server', '127.0.0.1:1']), 4);
  assert.match(cli.stderr, /127\.0\.0\.1:1/);
});

test('records that fail are counted on stderr, not in the line, and end in exit 3', async (t) => {
  const cli = fakeCli(t);
  const argv = [...LOAD, '--record-size', '2000', '--bootstrap-server', servers];
  assert.equal(await cli.run([...argv, '--producer-props', 'max.request.size=1000', 'batch.size=500']), 3);
  assert.match(cli.stdout, /^0 records sent, /);
  assert.match(cli.stderr, /2000 of 2000 records failed, the first with [A-Z_]+: /);
});

test('Ctrl-C ends the wait for brokers that do not answer, and the wait for a record that is not due', async (t) => {
  const slow = await ClusterThread.start(
    { brokers: 1, host: '127.0.0.1', seed: 0, processingMs: { 1: 10_000 } },
    () => {},
  );
  t.after(() => slow.close());
  const interruptedAfter = async (throughput: string, argv: readonly string[]): Promise<string> => {
    const cli = fakeCli(t);
    const startMs = performance.now();
    setTimeout(() => cli.interrupt(), 500);
    const given = ['perf', '--topic', 'perf', '--record-size', '9', '--throughput', throughput, ...argv];
    assert.equal(await cli.run(given), 130, cli.stderr);
    assert.ok(performance.now() - startMs < 8000, cli.stderr);
    return cli.stdout;
  };
  const unanswered = ['--num-records', '10', '--bootstrap-server', slow.bootstrapServers];
  assert.match(await interruptedAfter('-1', unanswered), /^0 records sent, /);
  const notDue = ['--num-records', '2', '--bootstrap-server', servers];
  assert.match(await interruptedAfter('0.05', notDue), /^1 records sent, /);
});
