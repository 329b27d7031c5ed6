import type { ProducerBatch } from '../producer-batch.ts';

/**
 * What the producer's parts tell of their work, per batch and request and never per record, from which
 * Producer.metrics() answers under the names of Kafka's Java producer (SenderMetricsRegistry, BufferPool, Selector).
 */
export class ProducerMetrics {
  private totals = { recordsSent: 0, recordRetries: 0, recordErrors: 0, batchSplits: 0, exhausted: 0 };

  /** A batch was sealed, just before its first request: its queue time, size and compression are known. */
  noteSealed(batch: ProducerBatch, _nowNs: number): void {
    this.totals.recordsSent += batch.recordCount;
  }

  noteRequest(_nodeId: number, _bytes: number, _batches: readonly ProducerBatch[], _nowNs: number): void {}

  /** A response came, or acks=0 and the request was written. */
  noteResponse(_nodeId: number, _latencyNs: number, _throttleTimeMs: number, _nowNs: number): void {}

  noteRetry(records: number, _nowNs: number): void {
    this.totals.recordRetries += records;
  }

  noteSplit(_nowNs: number): void {
    this.totals.batchSplits++;
  }

  /** Records failed, in a batch or before one took them. */
  noteErrors(records: number, _nowNs: number): void {
    this.totals.recordErrors += records;
  }

  /** A send waited this long for buffer.memory, in vain or not. */
  noteBufferWait(_waitedNs: number, isExhausted: boolean, _nowNs: number): void {
    if (isExhausted) this.totals.exhausted++;
  }
}
