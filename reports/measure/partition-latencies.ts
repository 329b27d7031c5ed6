/**
 * Latencies by partition in little memory and little time: whole microseconds in buckets of which 32 divide each power
 * of two, so a quantile is right within 1.6 %. An HDR histogram for each of hundreds of partitions would take half a
 * MiB each; these take 4 KiB.
 */
const SUB_BUCKET_BITS = 5;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
/** Up to 2^32 us, over an hour. */
const BUCKETS = (32 - SUB_BUCKET_BITS + 1) * SUB_BUCKETS;
const MAX_US = 2 ** 32 - 1;

export class PartitionLatencies {
  /** Records by partition and bucket, one row after the other: for postMessage, and to be added to others. */
  readonly counts: Uint32Array;

  constructor(partitions: number, counts: Uint32Array = new Uint32Array(partitions * BUCKETS)) {
    this.counts = counts;
  }

  record(partition: number, latencyNs: number): void {
    const index = partition * BUCKETS + bucketOf(latencyNs / 1000);
    this.counts[index] = this.counts[index]! + 1;
  }

  add(counts: Uint32Array): void {
    for (let index = 0; index < counts.length; index++)
      this.counts[index] = this.counts[index]! + counts[index]!;
  }

  countOf(partition: number): number {
    return this.#row(partition).reduce((sum, count) => sum + count, 0);
  }

  /** The middle of the bucket in which that share of the partition's records is reached; null without records. */
  quantileMs(partition: number, quantile: number): number | null {
    const row = this.#row(partition);
    const wanted = Math.max(1, Math.ceil(this.countOf(partition) * quantile));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += row[bucket]!;
      if (seen >= wanted) return middleUs(bucket) / 1000;
    }
    return null;
  }

  #row(partition: number): Uint32Array {
    return this.counts.subarray(partition * BUCKETS, (partition + 1) * BUCKETS);
  }
}

/** Below 64 us each microsecond has its own; from there on 32 share each doubling. */
function bucketOf(latencyUs: number): number {
  const us = Math.min(Math.max(0, latencyUs), MAX_US) >>> 0;
  const shift = Math.max(0, 31 - Math.clz32(us) - SUB_BUCKET_BITS);
  return shift * SUB_BUCKETS + (us >>> shift);
}

function middleUs(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket + 0.5;
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1;
  return (bucket - shift * SUB_BUCKETS + 0.5) * 2 ** shift;
}
