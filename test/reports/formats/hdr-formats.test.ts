import assert from 'node:assert/strict';
import { test } from 'node:test';
import hdr from 'hdr-histogram-js';
import { SeededRandom } from '../../../core/base/random.ts';
import { hgrmText } from '../../../reports/formats/hgrm.ts';
import { hlogText, readHlog } from '../../../reports/formats/hlog.ts';
import { LatencyHistogram } from '../../../reports/measure/latency-histogram.ts';

function sample(seed: number, count: number): LatencyHistogram {
  const random = new SeededRandom(seed);
  const histogram = new LatencyHistogram();
  for (let i = 0; i < count; i++) histogram.record(Math.floor(500_000 * Math.exp(6 * random.nextDouble())));
  return histogram;
}

test('.hgrm is the percentile listing of HdrHistogram, in milliseconds, every line of its shape', () => {
  const histogram = sample(1, 50_000);
  const lines = hgrmText(histogram).split('\n');
  assert.equal(lines[0], '       Value     Percentile TotalCount 1/(1-Percentile)');
  assert.equal(lines[1], '');
  const footer = lines.findIndex((line) => line.startsWith('#'));
  const rows = lines.slice(2, footer);
  for (const row of rows.slice(0, -1))
    assert.match(row, /^ {0,11}\d+\.\d{3} [01]\.\d{12} {1,10}\d+ {1,13}\d+\.\d\d$/);
  assert.match(rows.at(-1)!, /^ {0,11}\d+\.\d{3} 1\.000000000000 +50000$/);
  assert.match(lines[footer]!, /^#\[Mean {4}= {1,12}\d+\.\d{3}, StdDeviation {3}= {1,12}\d+\.\d{3}\]$/);
  assert.match(lines[footer + 1]!, /^#\[Max {5}= {1,12}\d+\.\d{3}, Total count {4}= {1,12}50000\]$/);
  assert.match(lines[footer + 2]!, /^#\[Buckets = +\d+, SubBuckets {5}= +2048\]$/);
  const median = Number(
    rows
      .find((row) => row.includes(' 0.500000000000 '))!
      .trim()
      .split(/\s+/)[0],
  );
  assert.ok(Math.abs(median - histogram.quantileNs(0.5)! / 1e6) < 0.001);
});

test(".hlog is read by HdrHistogram's own reader: tags, times, nanoseconds, nothing lost", () => {
  const parts = [sample(2, 1_000), sample(3, 2_000)];
  const startMs = Date.UTC(2026, 0, 15, 9, 30);
  const intervals = parts.map((part, index) => ({
    startSeconds: index * 0.25,
    lengthSeconds: 0.25,
    bytes: part.toBytes(),
  }));
  const text = hlogText(startMs, intervals);
  const lines = text.trimEnd().split('\n');
  assert.ok(lines.includes('#[Histogram log format version 1.3]'));
  assert.match(text, /^#\[StartTime: 1768469400\.000 \(seconds since epoch\), /m);
  assert.ok(
    lines.includes('"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"'),
  );
  assert.match(lines.at(-2)!, /^1768469400\.000,0\.250,\d+\.\d{3},HISTF/);
  assert.equal(Number(lines.at(-1)!.split(',')[2]), Number((parts[1]!.maxNs! / 1e6).toFixed(3)));
  const reader = new hdr.HistogramLogReader(text, 64);
  for (const part of parts) {
    const read = reader.nextIntervalHistogram()!;
    assert.equal(read.totalCount, part.count);
    for (const quantile of [0.5, 0.9, 0.99])
      assert.equal(read.getValueAtPercentile(quantile * 100), part.quantileNs(quantile));
  }
  assert.equal(reader.nextIntervalHistogram(), null);
});

test('intervals of two threads at the same time become one line', () => {
  const bytes = sample(4, 100).toBytes();
  const text = hlogText(0, [
    { startSeconds: 0, lengthSeconds: 0.5, bytes },
    { startSeconds: 0.01, lengthSeconds: 0.5, bytes },
    { startSeconds: 0.51, lengthSeconds: 0.5, bytes },
  ]);
  assert.deepEqual(
    text
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(',').slice(0, 2).join(' ')),
    ['0.000 0.510', '0.510 0.500'],
  );
  assert.equal(readHlog(text)!.count, 300);
});

test('a log read back equals what was logged, the exact maximum included when it is known', () => {
  const whole = sample(5, 3_000);
  const text = hlogText(0, [{ startSeconds: 0, lengthSeconds: 1, bytes: whole.toBytes() }]);
  const read = readHlog(text, whole.maxNs! / 1e6)!;
  assert.deepEqual(
    [read.count, read.maxNs, read.quantileNs(0.99)],
    [3_000, whole.maxNs, whole.quantileNs(0.99)],
  );
  assert.equal(readHlog(hlogText(0, [])), null);
});
