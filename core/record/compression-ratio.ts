import { BATCH_HEADER_BYTES } from './batch-layout.ts';
import { COMPRESSION_TYPES, type CompressionType } from './types.ts';

const IMPROVING_STEP = 0.005;
const DETERIORATING_STEP = 0.05;
/** A batch is taken for 5 % larger than estimated, so that few turn out too large. */
const ESTIMATION_FACTOR = 1.05;
const INITIAL_RATIO = 1.0;

/**
 * Guesses how well the records of a topic compress (Kafka's CompressionRatioEstimator): quick to believe in
 * worse, slow to believe in better, so that batches rarely exceed their size. Ratio = compressed / uncompressed.
 */
export class CompressionRatioEstimator {
  /** By topic, then by codec id. */
  readonly #ratios = new Map<string, number[]>();

  /** 1 before anything was observed. Read it once per batch, when the batch is opened. */
  estimate(topic: string, type: CompressionType): number {
    return this.#ratios.get(topic)?.[COMPRESSION_TYPES.indexOf(type)] ?? INITIAL_RATIO;
  }

  /** Learns from a sealed batch; returns the new estimate. */
  observe(topic: string, type: CompressionType, observed: number): number {
    const current = this.estimate(topic, type);
    if (observed > current) return this.reset(topic, type, Math.max(current + DETERIORATING_STEP, observed));
    if (observed < current) return this.reset(topic, type, Math.max(current - IMPROVING_STEP, observed));
    return current;
  }

  /** A batch that was too large for the broker is split: believe in nothing better than 1 until shown. */
  resetAfterSplit(topic: string, type: CompressionType, observed: number): number {
    return this.reset(topic, type, Math.max(INITIAL_RATIO, observed));
  }

  private reset(topic: string, type: CompressionType, ratio: number): number {
    let ratios = this.#ratios.get(topic);
    if (ratios === undefined) {
      ratios = COMPRESSION_TYPES.map(() => INITIAL_RATIO);
      this.#ratios.set(topic, ratios);
    }
    ratios[COMPRESSION_TYPES.indexOf(type)] = ratio;
    return ratio;
  }
}

/**
 * What an open batch would take if it were sealed now, in bytes (MemoryRecordsBuilder.estimatedBytesWritten):
 * the header, and the records times the ratio times 1.05 where they will be compressed. `sizeBytes` is the
 * builder's, header included. The batch is full when this reaches batch.size, and a further record is admitted
 * when this plus its uncompressed size does not exceed it; the first record always is.
 */
export function estimatedBatchBytes(sizeBytes: number, type: CompressionType, ratio: number): number {
  if (type === 'none') return sizeBytes;
  return BATCH_HEADER_BYTES + Math.floor((sizeBytes - BATCH_HEADER_BYTES) * ratio * ESTIMATION_FACTOR);
}
