import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { PartitionLatencies } from '../../../reports/measure/partition-latencies.ts';

describe('latencies by partition', () => {
  it('keep partitions apart, and quantiles within 1.6 % of the sorted values', () => {
    const random = new SeededRandom(3);
    const latencies = new PartitionLatencies(3);
    const values: number[][] = [[], [], []];
    for (let index = 0; index < 5000; index++) {
      const partition = random.nextBelow(2) * 2;
      const ns = Math.round(1e5 * 2 ** (random.nextDouble() * 20) * (partition + 1));
      values[partition]!.push(ns);
      latencies.record(partition, ns);
    }
    for (const partition of [0, 2]) {
      const sorted = values[partition]!.toSorted((a, b) => a - b);
      assert.equal(latencies.countOf(partition), sorted.length);
      for (const quantile of [0.01, 0.5, 0.99, 1]) {
        const exactMs = sorted[Math.ceil(sorted.length * quantile) - 1]! / 1e6;
        const ratio = latencies.quantileMs(partition, quantile)! / exactMs;
        assert.ok(Math.abs(ratio - 1) <= 0.016, `${quantile}: ${ratio}`);
      }
    }
    assert.equal(latencies.countOf(1), 0);
    assert.equal(latencies.quantileMs(1, 0.5), null);
  });

  it('take what is negative for 0, and what is beyond an hour for the most there is', () => {
    const latencies = new PartitionLatencies(1);
    latencies.record(0, -5e6);
    assert.equal(latencies.quantileMs(0, 1), 0.0005);
    latencies.record(0, 9e12);
    const highestMs = latencies.quantileMs(0, 1)!;
    assert.ok(highestMs > 3_600_000 && highestMs < 4_294_968, String(highestMs));
  });

  it('add up over generators', () => {
    const [one, other, both] = [1, 2, 3].map(() => new PartitionLatencies(2));
    one!.record(1, 1e6);
    other!.record(1, 3e6);
    other!.record(1, 3e6);
    both!.add(one!.counts);
    both!.add(other!.counts);
    assert.equal(both!.countOf(1), 3);
    assert.ok(Math.abs(both!.quantileMs(1, 0.5)! / 3 - 1) < 0.016);
  });
});
