import type { Histogram } from 'hdr-histogram-js';
import { createHdrHistogram, decodeHdr, encodeHdr, HIGHEST_LATENCY_NS } from './hdr-library.ts';

/**
 *   0      4         12      20      28         36             44
 *   | TMLH | count   | sumNs | maxNs | negative | above 1 hour | compressed V2 encoding of HdrHistogram
 *   | u32  | f64     | f64   | f64   | f64      | f64          | (latin1 base64)
 */
const MAGIC = 0x544d4c48;
const HEADER_BYTES = 44;

/**
 * Latencies in nanoseconds: an HDR histogram, and beside it what buckets cannot give exactly (sum and
 * maximum). Not a value is dropped: what is negative counts as 0, what is above one hour as one hour, and
 * both are counted apart. Lives outside the JavaScript heap: call destroy().
 */
export class LatencyHistogram {
  // Plain fields: read and written once per record.
  private readonly hdr: Histogram;
  private sum = 0;
  private highest = 0;
  private total = 0;
  private negatives = 0;
  private above = 0;

  constructor(hdr: Histogram = createHdrHistogram()) {
    this.hdr = hdr;
  }

  /** Throws RangeError for NaN. */
  record(latencyNs: number): void {
    if (!(latencyNs >= 0 && latencyNs <= HIGHEST_LATENCY_NS)) {
      this.recordOutOfRange(latencyNs, 1);
      return;
    }
    this.hdr.recordValue(latencyNs);
    this.total++;
    this.sum += latencyNs;
    if (latencyNs > this.highest) this.highest = latencyNs;
  }

  /** The same latency for `count` records (a whole number from 0). */
  recordMany(latencyNs: number, count: number): void {
    if (count === 0) return;
    if (!(latencyNs >= 0 && latencyNs <= HIGHEST_LATENCY_NS)) {
      this.recordOutOfRange(latencyNs, count);
      return;
    }
    this.hdr.recordValueWithCount(latencyNs, count);
    this.total += count;
    this.sum += latencyNs * count;
    if (latencyNs > this.highest) this.highest = latencyNs;
  }

  private recordOutOfRange(latencyNs: number, count: number): void {
    if (Number.isNaN(latencyNs)) throw new RangeError('a latency must be a number of nanoseconds, got NaN');
    if (latencyNs < 0) this.negatives += count;
    else this.above += count;
    this.recordMany(latencyNs < 0 ? 0 : HIGHEST_LATENCY_NS, count);
  }

  get count(): number {
    return this.total;
  }

  /** Exact, but for what negativeCount and aboveRangeCount tell. */
  get sumNs(): number {
    return this.sum;
  }

  get meanNs(): number | null {
    return this.total === 0 ? null : this.sum / this.total;
  }

  /** Exact, in whole nanoseconds; null when empty. From an .hlog file it is the upper edge of the highest bucket. */
  get maxNs(): number | null {
    return this.total === 0 ? null : Math.round(this.highest);
  }

  get negativeCount(): number {
    return this.negatives;
  }

  get aboveRangeCount(): number {
    return this.above;
  }

  /**
   * The smallest latency that at least `quantile` (0 to 1) of the records do not exceed: the upper edge of
   * its bucket, clamped to the exact maximum. null when empty.
   */
  quantileNs(quantile: number): number | null {
    if (this.total === 0) return null;
    return Math.min(this.hdr.getValueAtPercentile(quantile * 100), Math.round(this.highest));
  }

  /** Adds what `other` holds; `other` stays as it is. */
  add(other: LatencyHistogram): void {
    if (other.total === 0) return;
    this.hdr.add(other.hdr);
    this.total += other.total;
    this.sum += other.sum;
    this.negatives += other.negatives;
    this.above += other.above;
    if (other.highest > this.highest) this.highest = other.highest;
  }

  reset(): void {
    this.hdr.reset();
    this.total = 0;
    this.sum = 0;
    this.highest = 0;
    this.negatives = 0;
    this.above = 0;
  }

  /** HdrHistogram's compressed V2 encoding in base64. */
  toBase64(): string {
    return encodeHdr(this.hdr);
  }

  /** For postMessage (transferable): nothing is lost, sums included. Some KiB. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const encoded = this.toBase64();
    const bytes = new Uint8Array(HEADER_BYTES + encoded.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, MAGIC);
    [this.total, this.sum, this.highest, this.negatives, this.above].forEach((value, index) => {
      view.setFloat64(4 + 8 * index, value);
    });
    Buffer.from(bytes.buffer).write(encoded, HEADER_BYTES, 'latin1');
    return bytes;
  }

  /** Throws when the bytes are not from toBytes(). */
  static fromBytes(bytes: Uint8Array): LatencyHistogram {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength <= HEADER_BYTES || view.getUint32(0) !== MAGIC) {
      throw new Error(`not a latency histogram: ${bytes.byteLength} bytes that do not begin with TMLH`);
    }
    const encoded = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + HEADER_BYTES,
      bytes.byteLength - HEADER_BYTES,
    );
    const histogram = new LatencyHistogram(decodeHdr(encoded.toString('latin1')));
    histogram.total = view.getFloat64(4);
    histogram.sum = view.getFloat64(12);
    histogram.highest = view.getFloat64(20);
    histogram.negatives = view.getFloat64(28);
    histogram.above = view.getFloat64(36);
    return histogram;
  }

  /** From an encoding of HdrHistogram alone: sum and maximum are then as exact as its buckets. */
  static fromBase64(base64: string): LatencyHistogram {
    const hdr = decodeHdr(base64);
    const histogram = new LatencyHistogram(hdr);
    histogram.total = hdr.totalCount;
    if (hdr.totalCount > 0) {
      histogram.sum = hdr.mean * hdr.totalCount;
      histogram.highest = hdr.maxValue;
    }
    return histogram;
  }

  /** Lowers the maximum to one known exactly, where the histogram's own came from a bucket's edge. */
  clampMax(maxNs: number): void {
    this.highest = Math.min(this.highest, maxNs);
  }

  /** Gives the memory back; any use afterwards throws. */
  destroy(): void {
    this.hdr.destroy();
  }
}

/** One histogram of all parts, which stay as they are. */
export function mergeLatencies(parts: Iterable<LatencyHistogram>): LatencyHistogram {
  const merged = new LatencyHistogram();
  for (const part of parts) merged.add(part);
  return merged;
}
