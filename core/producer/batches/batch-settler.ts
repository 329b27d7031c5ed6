import type { TidemarkError } from '../../base/errors.ts';
import { BATCH_HEADER_BYTES } from '../../record/batch-layout.ts';
import { BatchView } from '../../record/batch-view.ts';
import type { CompressionRatioEstimator } from '../../record/compression-ratio.ts';
import type { ProducerConfig } from '../config/config.ts';
import type { ProducerMetrics } from '../metrics/producer-metrics.ts';
import type { ProducerObserver, ProducerStats } from '../types.ts';
import type { Accumulator } from './accumulator.ts';
import type { RecordErrors } from './delivery-log.ts';
import type { ProducerBatch } from './producer-batch.ts';

export interface BatchSettlerOptions {
  readonly config: ProducerConfig;
  readonly accumulator: Accumulator;
  readonly ratios: CompressionRatioEstimator;
  readonly observer: ProducerObserver;
  readonly metrics: ProducerMetrics;
}

/** Seals batches, and ends them: tells observer and callbacks, gives memory back, and keeps the totals. */
export class BatchSettler {
  private readonly options: BatchSettlerOptions;
  private readonly totals = {
    batches: 0,
    records: 0,
    uncompressedBytes: 0,
    compressedBytes: 0,
    requests: 0,
    requestBytes: 0,
    retries: 0,
    splits: 0,
    acknowledgedRecords: 0,
    failedRecords: 0,
    throttleTimeMs: 0,
  };

  constructor(options: BatchSettlerOptions) {
    this.options = options;
  }

  stats(): ProducerStats {
    return { ...this.totals };
  }

  noteRequest(nodeId: number, bytes: number, batches: readonly ProducerBatch[], nowNs: number): void {
    this.totals.requests++;
    this.totals.requestBytes += bytes;
    this.options.observer.onRequest?.(bytes, batches.length);
    this.options.metrics.noteRequest(nodeId, bytes, batches, nowNs);
  }

  noteRetry(batch: ProducerBatch, nowNs: number): void {
    this.totals.retries++;
    this.options.metrics.noteRetry(batch.queue!.topic.name, batch.recordCount, nowNs);
  }

  noteResponse(nodeId: number, latencyNs: number, throttleTimeMs: number, nowNs: number): void {
    this.totals.throttleTimeMs += throttleTimeMs;
    this.options.metrics.noteResponse(nodeId, latencyNs, throttleTimeMs, nowNs);
  }

  /** A record failed before any batch took it. */
  noteRefused(topic: string, nowNs: number): void {
    this.totals.failedRecords++;
    this.options.metrics.noteErrors(topic, 1, nowNs);
  }

  /**
   * A batch that the broker found too large is about to be split: until shown otherwise the records of its topic do
   * not compress, or no better than these (RecordAccumulator.splitAndReenqueue). Returns the ratio to expect.
   */
  noteSplit(batch: ProducerBatch, nowNs: number): number {
    const { config, ratios, metrics } = this.options;
    this.totals.splits++;
    metrics.noteSplit(nowNs);
    if (config.compression === 'none') return 1;
    const observed =
      (batch.sealed!.length - BATCH_HEADER_BYTES) / (batch.uncompressedBytes - BATCH_HEADER_BYTES);
    return ratios.resetAfterSplit(batch.queue!.topic.name, config.compression, observed);
  }

  /**
   * Completes the batch's bytes when it is first drained; a retry sends the same bytes, but for a new place in the
   * producer's sequence. The records of a split batch count only once.
   */
  seal(batch: ProducerBatch, nowNs: number): void {
    batch.lastDrainedNs = nowNs;
    if (batch.sealed !== null) {
      if (batch.isRewritten) BatchView.patchProducerState(batch.sealed, 0, batch);
      batch.isRewritten = false;
      return;
    }
    const isPart = batch.firstDrainedNs > 0;
    if (!isPart) batch.firstDrainedNs = nowNs;
    const { config, ratios } = this.options;
    const { compression, compressionLevel: level } = config;
    const { count, sizeBytes } = batch.builder;
    batch.recordCount = count;
    batch.uncompressedBytes = sizeBytes;
    const { producerId, producerEpoch, baseSequence } = batch;
    batch.sealed = batch.builder.seal({ compression, level, producerId, producerEpoch, baseSequence });
    const wireBytes = batch.sealed.length;
    if (compression !== 'none') {
      const ratio = (wireBytes - BATCH_HEADER_BYTES) / (sizeBytes - BATCH_HEADER_BYTES);
      ratios.observe(batch.queue!.topic.name, compression, ratio);
    }
    this.totals.batches++;
    if (!isPart) this.totals.records += count;
    this.totals.uncompressedBytes += sizeBytes;
    this.totals.compressedBytes += wireBytes;
  }

  acknowledge(
    batch: ProducerBatch,
    answer: { readonly baseOffset: number; readonly logAppendTimeMs: number },
    nowNs: number,
  ): void {
    this.totals.acknowledgedRecords += batch.recordCount;
    this.settle(batch, { error: null, errorOf: null, nowNs, ...pick(answer) });
  }

  /** `errorOf` tells the error of each record where they differ. */
  fail(batch: ProducerBatch, error: TidemarkError, nowNs: number, errorOf: RecordErrors | null = null): void {
    if (batch.sealed === null) {
      batch.recordCount = batch.builder.count;
      batch.uncompressedBytes = batch.builder.sizeBytes;
    }
    this.totals.failedRecords += batch.recordCount;
    this.options.metrics.noteErrors(batch.queue!.topic.name, batch.recordCount, nowNs);
    this.settle(batch, { error, errorOf, nowNs, baseOffset: -1, logAppendTimeMs: -1 });
  }

  private settle(batch: ProducerBatch, end: BatchEnd): void {
    const { accumulator, observer } = this.options;
    const { topic, partition } = batch.queue!;
    const { error, errorOf, baseOffset, logAppendTimeMs } = end;
    batch.state = 'settled';
    const compressedBytes = batch.sealed?.length ?? 0;
    // Those who wait for memory have their turn before the callbacks, which may send more.
    if (!batch.isHeld) accumulator.releaseBuffer(batch);
    try {
      observer.onBatchSettled?.({
        topic: topic.name,
        partition,
        recordCount: batch.recordCount,
        uncompressedBytes: batch.uncompressedBytes,
        compressedBytes,
        createdNs: batch.createdNs,
        firstDrainedNs: batch.firstDrainedNs,
        lastDrainedNs: batch.lastDrainedNs,
        settledNs: end.nowNs,
        error,
      });
    } catch (thrown) {
      throwLater(thrown);
    }
    const outcome = { topic: topic.name, partition, error, errorOf, baseOffset, logAppendTimeMs };
    batch.deliveries.deliver(batch.recordCount, outcome, throwLater);
    accumulator.incomplete.delete(batch);
    if (!batch.isHeld) accumulator.recycle(batch);
  }
}

interface BatchEnd {
  readonly error: TidemarkError | null;
  readonly errorOf: RecordErrors | null;
  readonly nowNs: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
}

function pick(answer: { readonly baseOffset: number; readonly logAppendTimeMs: number }) {
  return { baseOffset: answer.baseOffset, logAppendTimeMs: answer.logAppendTimeMs };
}

/** A mistake in a callback is the application's: it surfaces as an uncaught exception, and harms nobody else. */
function throwLater(thrown: unknown): void {
  queueMicrotask(() => {
    throw thrown;
  });
}
