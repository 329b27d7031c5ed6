import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HIGHEST_LATENCY_NS } from '../../../reports/measure/hdr-library.ts';
import { LatencyHistogram, mergeLatencies } from '../../../reports/measure/latency-histogram.ts';

const latencies = fc.array(
  fc.integer({ min: 0, max: 3_600_000_000 }).map((x) => x * 7),
  {
    minLength: 1,
    maxLength: 200,
  },
);

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

test('quantiles are those of the sorted values within 0.1 %, never above the exact maximum', () => {
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.5, 0.9, 0.95, 0.99, 0.999, 1), (values, quantile) => {
      const histogram = histogramOf(values);
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(0, Math.ceil(quantile * sorted.length - 1e-9) - 1)]!;
      const seen = histogram.quantileNs(quantile)!;
      assert.ok(seen >= exact && seen <= Math.max(exact + 1, exact * 1.001), `${seen} for ${exact}`);
      assert.ok(seen <= sorted.at(-1)!);
      assert.equal(histogram.maxNs, sorted.at(-1));
      assert.equal(
        histogram.sumNs,
        values.reduce((sum, value) => sum + value, 0),
      );
      histogram.destroy();
    }),
    { numRuns: 60 },
  );
});

test('bytes carry everything, and merging equals recording everything in one', () => {
  fc.assert(
    fc.property(latencies, latencies, (left, right) => {
      const parts = [left, right].map((values) => LatencyHistogram.fromBytes(histogramOf(values).toBytes()));
      const merged = mergeLatencies(parts);
      const whole = histogramOf([...left, ...right]);
      for (const quantile of [0.01, 0.5, 0.9, 0.99, 1]) {
        assert.equal(merged.quantileNs(quantile), whole.quantileNs(quantile));
      }
      assert.deepEqual([merged.count, merged.sumNs, merged.maxNs], [whole.count, whole.sumNs, whole.maxNs]);
      for (const histogram of [...parts, merged, whole]) histogram.destroy();
    }),
    { numRuns: 40 },
  );
});

test('one microsecond to one hour keeps three significant digits', () => {
  for (const value of [1_000, 999_999, 5_000_000, 60e9, HIGHEST_LATENCY_NS]) {
    const histogram = histogramOf([value, HIGHEST_LATENCY_NS]);
    const seen = histogram.quantileNs(0.5)!;
    assert.ok(seen >= value && seen <= value * 1.001, `${seen} for ${value}`);
    histogram.destroy();
  }
});

test('latencies out of range are kept at the edge and counted apart; NaN is refused', () => {
  const histogram = new LatencyHistogram();
  histogram.record(-5);
  histogram.recordMany(HIGHEST_LATENCY_NS * 2, 3);
  assert.deepEqual([histogram.count, histogram.negativeCount, histogram.aboveRangeCount], [4, 1, 3]);
  assert.equal(histogram.quantileNs(0.25), 0);
  assert.equal(histogram.maxNs, HIGHEST_LATENCY_NS);
  assert.throws(() => histogram.record(Number.NaN), /NaN/);
  histogram.destroy();
});

test('recordMany counts every record of a batch, and none for an empty one', () => {
  const histogram = new LatencyHistogram();
  histogram.recordMany(2_000, 150);
  histogram.recordMany(9_000, 0);
  assert.deepEqual([histogram.count, histogram.sumNs, histogram.maxNs], [150, 300_000, 2_000]);
  histogram.destroy();
});

test('an empty histogram has no figures and survives the trip through bytes', () => {
  const histogram = LatencyHistogram.fromBytes(new LatencyHistogram().toBytes());
  assert.deepEqual(
    [histogram.count, histogram.meanNs, histogram.maxNs, histogram.quantileNs(0.99)],
    [0, null, null, null],
  );
});

test('foreign or cut bytes are refused', () => {
  const bytes = histogramOf([1, 2, 3]).toBytes();
  assert.throws(() => LatencyHistogram.fromBytes(new Uint8Array(80)), /not a latency histogram/);
  assert.throws(() => LatencyHistogram.fromBytes(bytes.subarray(0, 60)));
});

test('destroyed histograms give their memory back', () => {
  histogramOf([1]).destroy();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 1_000; i++) histogramOf([i]).destroy();
  const grownBytes = process.memoryUsage().rss - before;
  assert.ok(grownBytes < 64 * 2 ** 20, `grew by ${grownBytes} bytes where 1,000 histograms take 270 MB`);
});

test('fractions of a nanosecond count in the sum, the maximum is whole', () => {
  const histogram = histogramOf([1_500.25, 2_500.75]);
  assert.deepEqual([histogram.sumNs, histogram.maxNs, histogram.quantileNs(1)], [4_001, 2_501, 2_501]);
  histogram.destroy();
});
