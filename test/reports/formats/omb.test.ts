import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFormat } from '../../../reports/formats/registry.ts';
import { smallRun } from './small-run.ts';

/** io.openmessaging.benchmark.TestResult, whose reader (ResultsToCsv) fails at a field that it does not know. */
const PARTS = ['Avg', '50pct', '75pct', '95pct', '99pct', '999pct', '9999pct', 'Max'];
const FIELDS = [
  ...['workload', 'driver', 'messageSize', 'topics', 'partitions', 'producersPerTopic', 'consumersPerTopic'],
  ...['publishRate', 'publishErrorRate', 'consumeRate', 'backlog'],
  ...['publishLatency', 'publishDelayLatency', 'endToEndLatency'].flatMap((name) => {
    const aggregated = `aggregated${name[0]!.toUpperCase()}${name.slice(1)}`;
    const parts = PARTS.flatMap((part) => [`${name}${part}`, `${aggregated}${part}`]);
    return [...parts, `${aggregated}Quantiles`];
  }),
];

test('one file per level in a folder of their own, the base first, with exactly the fields of TestResult', async () => {
  const files = await renderFormat('omb', smallRun());
  assert.deepEqual(
    files.map(({ fileName }) => fileName),
    ['omb/base.json', 'omb/linger.ms=0.json'],
  );
  for (const { text } of files) assert.deepEqual(Object.keys(JSON.parse(text)).sort(), FIELDS.toSorted());
});

test('a workload is the suite and a driver the level; rate and latency are of the same phase', async () => {
  const [base, linger] = await renderFormat('omb', smallRun());
  const result = JSON.parse(base.text);
  assert.equal(result.workload, 'small');
  assert.equal(result.driver, 'tidemark base');
  assert.equal(JSON.parse(linger!.text).driver, 'tidemark linger.ms=0');
  // Two intervals of half a second with 1,000 records each, in three trials: not the 100,000 of saturation.
  assert.deepEqual(result.publishRate, Array(6).fill(2000));
  assert.deepEqual(result.publishLatency99pct, Array(6).fill(2));
  assert.equal(result.messageSize, 100);
  assert.equal(result.consumersPerTopic, 0);
});

test('percentiles are of the merged trials, and those that too few requests stand behind are null', async () => {
  const [base] = await renderFormat('omb', smallRun());
  const result = JSON.parse(base.text);
  assert.equal(result.aggregatedPublishLatencyAvg, 1.03);
  assert.equal(result.aggregatedPublishLatency99pct, 2);
  assert.equal(result.aggregatedPublishLatencyMax, 2);
  assert.equal(result.aggregatedPublishLatency999pct, null);
  const quantiles = Object.entries(result.aggregatedPublishLatencyQuantiles);
  assert.deepEqual(quantiles[0], ['1.0', 1.000447]);
  assert.deepEqual(quantiles.at(-1), ['100.0', 2]);
  // 1,500 requests carry 99 %, not 99.9 %: that leaves one and a half beyond it.
  assert.ok(!('99.9' in result.aggregatedPublishLatencyQuantiles));
});

test('the send delay is in whole microseconds, one value per trial', async () => {
  const [base] = await renderFormat('omb', smallRun());
  const result = JSON.parse(base.text);
  assert.deepEqual(result.publishDelayLatency99pct, [310, 310, 310]);
  assert.equal(result.aggregatedPublishDelayLatencyMax, 2200);
  assert.equal(result.aggregatedPublishDelayLatency99pct, null);
});

test('levels whose names differ only in what no file name can hold have files of their own', async () => {
  const { result } = smallRun();
  const levels = ['ä', 'ö', 'x'.repeat(300)];
  const trials = levels.map((level) => ({
    ...result.trials[3]!,
    id: `r1-${level}`,
    level,
    producer: { ...result.trials[3]!.producer, 'linger.ms': level },
  }));
  const factors = [{ property: 'linger.ms', levels: ['5', ...levels] }];
  const files = await renderFormat('omb', smallRun({ factors, trials: [result.trials[0]!, ...trials] }));
  assert.deepEqual(
    files.map(({ fileName }) => fileName),
    [
      'omb/base.json',
      'omb/linger.ms=_.json',
      'omb/linger.ms=_-2.json',
      `omb/linger.ms=${'x'.repeat(110)}.json`,
    ],
  );
  assert.equal(JSON.parse(files[2]!.text).driver, 'tidemark linger.ms=ö');
});

test('at saturation nothing is due at a moment, so nothing is late: charts get zeros, not an empty array', async () => {
  const { result } = smallRun();
  const trials = result.trials.map((one) => ({ ...one, pacedRate: null, sendDelayMs: null }));
  const [base] = await renderFormat('omb', smallRun({ trials }));
  assert.deepEqual(JSON.parse(base.text).publishDelayLatency99pct, [0, 0, 0]);
  assert.equal(JSON.parse(base.text).aggregatedPublishDelayLatencyMax, 0);
});
