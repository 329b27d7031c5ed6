import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyFigures, shownFigures } from '../../../reports/measure/latency-figures.ts';
import { LatencyHistogram } from '../../../reports/measure/latency-histogram.ts';
import { percentileCurve } from '../../../reports/measure/percentile-curve.ts';

function ramp(count: number): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (let i = 1; i <= count; i++) histogram.record(i * 1_000);
  return histogram;
}

test('a single sample gives numbers up to p99 and max, and no tail', () => {
  const figures = latencyFigures(ramp(1));
  assert.deepEqual(figures, {
    count: 1,
    mean: 0.001,
    p50: 0.001,
    p90: 0.001,
    p95: 0.001,
    p99: 0.001,
    p999: null,
    p9999: null,
    max: 0.001,
  });
});

test('nothing recorded: every figure is null, never 0', () => {
  const { count, ...figures } = latencyFigures(new LatencyHistogram());
  assert.equal(count, 0);
  assert.deepEqual(new Set(Object.values(figures)), new Set([null]));
});

test('a tail needs ten independent samples beyond it', () => {
  assert.equal(latencyFigures(ramp(9_999)).p999, null);
  assert.notEqual(latencyFigures(ramp(10_000)).p999, null);
  assert.equal(latencyFigures(ramp(10_000), { recordsPerRequest: 5 }).p999, null);
  assert.notEqual(latencyFigures(ramp(50_000), { recordsPerRequest: 5 }).p999, null);
  assert.equal(latencyFigures(ramp(50_000)).p9999, null);
  assert.notEqual(latencyFigures(ramp(100_000)).p9999, null);
});

test('percentiles are in order and the mean is exact', () => {
  const figures = latencyFigures(ramp(100_000));
  const ordered = [
    figures.p50,
    figures.p90,
    figures.p95,
    figures.p99,
    figures.p999,
    figures.p9999,
    figures.max,
  ];
  assert.deepEqual(
    ordered,
    ordered.toSorted((a, b) => a! - b!),
  );
  assert.equal(figures.mean, 50.0005);
});

test('the curve rises from the median to the maximum and ends where one sample is left', () => {
  const curve = percentileCurve(ramp(5_000));
  assert.equal(curve[0]?.oneIn, 2);
  assert.deepEqual(curve.at(-1), { oneIn: 5_000, latencyMs: 5 });
  for (const [index, point] of curve.slice(1).entries()) {
    assert.ok(point.oneIn > curve[index]!.oneIn && point.latencyMs >= curve[index]!.latencyMs);
  }
  assert.deepEqual(percentileCurve(new LatencyHistogram()), []);
});

test('what is shown of the percentiles needs ten distinct requests beyond each', () => {
  const figures = latencyFigures(ramp(200_000));
  const shown = (requests: number): (number | null)[] => {
    const { p50, p90, p95, p99, p999, p9999 } = shownFigures(figures, requests);
    return [p50, p90, p95, p99, p999, p9999].filter((value) => value !== null);
  };
  const atLeast = [20, 100, 200, 1_000, 10_000, 100_000];
  for (const [index, requests] of atLeast.entries()) {
    assert.equal(shown(requests).length, index + 1);
    assert.equal(shown(requests - 1).length, index);
  }
  const { count, mean, max } = shownFigures(figures, 1);
  assert.deepEqual([count, mean, max], [figures.count, figures.mean, figures.max]);
});
