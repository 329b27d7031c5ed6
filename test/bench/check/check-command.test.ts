import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseMetric, parsePercent } from '../../../bench/check/parse-options.ts';
import { fakeCli } from '../fake-cli.ts';

test('without --base it says what a side may be', async (context) => {
  const cli = fakeCli(context);
  assert.equal(await cli.run(['check', '--candidate', '.']), 2);
  assert.match(cli.stderr, /--base is missing.*\n.*DIR .*\n.*git:REF/);
});

for (const [words, told] of [
  [['--metric', 'throughputt'], /did you mean throughput\?/],
  [['--metric', 'p95'], /metrics are cpu, throughput, p50, p90, p99/],
  [['--margin', '5'], /got '5', expected per cent above 0%.*with the sign: 5%/],
  [['--margin', '0%'], /above 0%/],
  [['--margin', '100%'], /below 100%/],
  [['--max-sessions', '10'], /8, 12, 16, 20, 25, 30/],
  [['--gate', 'througput<1'], /throughput/],
  [['--gate', 'lost==0'], /does not measure lost/],
  [['--format', 'junitt'], /did you mean junit\?/],
  [['--format', 'junit', '--json'], /exclude each other/],
  [['--record-size', '2MiB'], /expected 1 to 1048576 bytes/],
  [['--bootstrap-server', 'nonsense'], /nonsense/],
] as const) {
  test(`check ${words.join(' ')} is bad input`, async (context) => {
    const cli = fakeCli(context);
    assert.equal(await cli.run(['check', '--base', 'acks=1', '--candidate', 'acks=all', ...words]), 2);
    assert.match(cli.stderr, told);
  });
}

test('a side that names nothing, and a property that no producer knows, are bad input', async (context) => {
  const cli = fakeCli(context);
  assert.equal(await cli.run(['check', '--base', 'nowhere', '--candidate', 'acks=1']), 2);
  assert.match(cli.stderr, /nowhere/);
  const common = [
    'check',
    '--base',
    'acks=1',
    '--candidate',
    'acks=all',
    '--producer-property',
    'liger.ms=5',
  ];
  assert.equal(await cli.run(common), 2);
  assert.match(cli.stderr, /--producer-property liger\.ms: .*linger\.ms/);
});

test('a target that is not there is exit 4', async (context) => {
  const cli = fakeCli(context);
  const target = ['--bootstrap-server', '127.0.0.1:1'];
  assert.equal(await cli.run(['check', '--base', 'acks=1', '--candidate', 'acks=all', ...target]), 4);
  assert.match(cli.stderr, /127\.0\.0\.1:1/);
});

test('secrets of a properties file reach neither messages nor files', async (context) => {
  const cli = fakeCli(context);
  writeFileSync(join(cli.directory, 'p.properties'), 'ssl.key.password=hunter2\nliger.ms=1\n');
  const words = ['check', '--base', 'acks=1', '--candidate', 'acks=all', '--producer.config', 'p.properties'];
  assert.equal(await cli.run(words), 2);
  assert.match(cli.stderr, /p\.properties:2: /);
  assert.doesNotMatch(cli.stderr, /hunter2/);
});

test('metrics go by their short names and by those of JSON; per cents need their sign', () => {
  assert.deepEqual(['cpu', 'p90', 'recordsPerSecond'].map(parseMetric), [
    'cpuNsPerRecord',
    'latencyP90Ms',
    'recordsPerSecond',
  ]);
  assert.throws(() => parseMetric('constructor'), RangeError);
  assert.deepEqual(
    [parsePercent('5%', false), parsePercent('2.5 %', false), parsePercent('0%', true)],
    [0.05, 0.025, 0],
  );
  assert.throws(() => parsePercent('-5%', true), RangeError);
});
