import type { RecordPool } from './record-source.ts';
import { STAMP_HEADER, STAMP_HEADER_BYTES } from './record-stamp.ts';
import type { WorkloadSpec } from './trial-spec.ts';

/** Bytes of key, value and headers of every record of a workload, by sequence. */
export class RecordSizes {
  /** Over the pool's payloads and the keys as drawn. */
  readonly mean: number;
  readonly largest: number;
  private readonly payloadBytes: Uint32Array;
  private readonly keyBytes: Uint32Array;
  private readonly headerBytes: number;
  private readonly keyIndexAt: (sequence: number) => number;

  constructor(pool: RecordPool, workload: WorkloadSpec) {
    this.payloadBytes = Uint32Array.from(pool.payloads, (payload) => payload.length);
    this.keyBytes = Uint32Array.from(pool.keyOrder.keys, (key) => key.length);
    this.keyIndexAt = pool.keyOrder.keyIndexAt;
    const own = pool.stampOffset < 0 ? STAMP_HEADER.length + STAMP_HEADER_BYTES : 0;
    this.headerBytes = workload.headers.reduce(
      (sum, { key, value }) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
      own,
    );
    let total = 0;
    let largest = 0;
    for (let sequence = 0; sequence < this.payloadBytes.length; sequence++) {
      total += this.at(sequence);
      largest = Math.max(largest, this.payloadBytes[sequence]!);
    }
    this.mean = total / this.payloadBytes.length;
    this.largest =
      largest + this.headerBytes + this.keyBytes.reduce((most, bytes) => Math.max(most, bytes), 0);
  }

  at(sequence: number): number {
    const key = this.keyIndexAt(sequence);
    return (
      this.payloadBytes[sequence % this.payloadBytes.length]! +
      (key < 0 ? 0 : this.keyBytes[key]!) +
      this.headerBytes
    );
  }
}
