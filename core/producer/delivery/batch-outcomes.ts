import type { Clock } from '../../base/clock.ts';
import { TidemarkError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { backoffMs } from '../../client/backoff.ts';
import { type Accumulator, ESTIMATION_FACTOR } from '../batches/accumulator.ts';
import type { BatchSettler } from '../batches/batch-settler.ts';
import { splitBatch } from '../batches/batch-splitter.ts';
import type { ProducerBatch } from '../batches/producer-batch.ts';
import type { ProducerConfig } from '../config/config.ts';
import type { Idempotence } from '../idempotence/idempotence.ts';
import type { ProducerCluster } from '../producer-cluster.ts';
import {
  answeredError,
  errorsOfRecords,
  isRetriable,
  isTooLarge,
  isUnclear,
  needsMetadata,
} from './produce-errors.ts';
import type { PartitionAnswer } from './produce-exchange.ts';

const NS_PER_MS = 1e6;

export interface OutcomesOptions {
  readonly config: ProducerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly accumulator: Accumulator;
  readonly settler: BatchSettler;
  /** Null: batches carry no sequence. */
  readonly idempotence: Idempotence | null;
}

/** What becomes of a batch: acknowledged, sent again, divided, given up (Sender.completeBatch and its kin). */
export class BatchOutcomes {
  cluster: ProducerCluster | null = null;
  /** Nothing is sent again any more. */
  isClosed = false;
  private readonly options: OutcomesOptions;
  private readonly config: ProducerConfig;

  constructor(options: OutcomesOptions) {
    this.options = options;
    this.config = options.config;
  }

  expiryNs(batch: ProducerBatch): number {
    return batch.createdNs + this.config.deliveryTimeoutMs * NS_PER_MS;
  }

  /** delivery.timeout.ms from the creation of the batch, wherever it is now. */
  expire(nowNs: number): void {
    const { incomplete } = this.options.accumulator;
    for (let oldest = incomplete.oldest(); oldest !== undefined; oldest = incomplete.oldest()) {
      if (this.expiryNs(oldest) > nowNs) return;
      const { topic, partition } = oldest.queue!;
      const elapsedMs = Math.round((nowNs - oldest.createdNs) / NS_PER_MS);
      const message =
        `Expiring ${oldest.count} record(s) for ${topic.name}-${partition}: ` +
        `${elapsedMs} ms has passed since batch creation`;
      const cause = oldest.lastError;
      const why = cause === null ? '' : `; the last attempt failed: ${cause.message}`;
      this.fail(oldest, new TidemarkError('TIMEOUT', message + why, { retriable: true, cause }), nowNs);
    }
  }

  /** The request that carried the batch was answered, and said this of it; null: nothing. */
  takeAnswer(batch: ProducerBatch, answer: PartitionAnswer | null, nowNs: number): void {
    const where = whereOf(batch);
    if (answer === null) {
      const error = new TidemarkError('PROTOCOL', `${where}: the response says nothing of this batch`);
      this.fail(batch, error, nowNs);
    } else if (answer.errorCode === 0) {
      this.acknowledge(batch, answer, nowNs);
    } else {
      this.takeError(batch, answeredError(answer, where), answer, nowNs);
    }
  }

  /** An answer for a batch that was given up meanwhile. */
  takeLateAnswer(batch: ProducerBatch, answer: PartitionAnswer | null): void {
    if (answer !== null && isAppended(answer)) this.options.idempotence?.noteAppendedLate(batch);
  }

  acknowledge(
    batch: ProducerBatch,
    answer: { readonly baseOffset: number; readonly logAppendTimeMs: number },
    nowNs: number,
  ): void {
    this.options.idempotence?.noteAcknowledged(batch);
    this.options.settler.acknowledge(batch, answer, nowNs);
  }

  /** The attempt failed; `answer` is null when the broker did not say so itself. */
  takeError(batch: ProducerBatch, error: TidemarkError, answer: PartitionAnswer | null, nowNs: number): void {
    if (isTooLarge(error) && batch.recordCount > 1 && !this.isClosed) {
      this.split(batch, nowNs);
      return;
    }
    if (needsMetadata(error)) this.cluster?.requestRefresh();
    if (isUnclear(error)) batch.isUnclear = true;
    const isInTime = batch.attempts < this.config.retries && this.expiryNs(batch) > nowNs && !this.isClosed;
    if (isInTime && this.mayHelpAgain(batch, error, answer)) {
      batch.lastError = error;
      this.retry(batch, nowNs);
    } else if (error.kind === 'DUPLICATE_SEQUENCE_NUMBER') {
      // It is in the log, and the broker no longer knows where.
      this.acknowledge(batch, { baseOffset: -1, logAppendTimeMs: -1 }, nowNs);
    } else {
      const isRefused = answer !== null && !batch.isUnclear && error.kind !== 'OUT_OF_ORDER_SEQUENCE_NUMBER';
      this.options.idempotence?.noteGivenUp(batch, isRefused);
      const errorOf = answer === null ? null : errorsOfRecords(answer, whereOf(batch));
      this.options.settler.fail(batch, error, nowNs, errorOf);
    }
  }

  /** Gives up a batch of which the broker has not said that it refuses it. */
  fail(batch: ProducerBatch, error: TidemarkError, nowNs: number): void {
    if (batch.state === 'open' || batch.state === 'queued') batch.queue!.remove(batch);
    this.options.idempotence?.noteGivenUp(batch, false);
    this.options.settler.fail(batch, error, nowNs);
  }

  /** Fails everything that is not settled. */
  failAll(error: TidemarkError, nowNs: number): void {
    // One that is settled already is telling its callbacks just now, and one of them closes the producer.
    for (const batch of this.options.accumulator.incomplete.all()) {
      if (batch.state !== 'settled') this.fail(batch, error, nowNs);
    }
  }

  private mayHelpAgain(batch: ProducerBatch, error: TidemarkError, answer: PartitionAnswer | null): boolean {
    const bySequence = this.options.idempotence?.canRetry(batch, error, answer?.logStartOffset ?? -1);
    return bySequence ?? isRetriable(error);
  }

  private retry(batch: ProducerBatch, nowNs: number): void {
    const queue = batch.queue!;
    batch.attempts++;
    const { retryBackoffMs: firstMs, retryBackoffMaxMs: maxMs } = this.config;
    const pauseMs = backoffMs({ firstMs, maxMs }, batch.attempts, this.options.random);
    // A leader that has changed since is asked at once.
    batch.backoffUntilNs = queue.leaderEpoch > batch.leaderEpoch ? 0 : nowNs + pauseMs * NS_PER_MS;
    this.options.settler.noteRetry(batch, nowNs);
    queue.putBack(batch);
  }

  /** The parts stand where the batch stood, and no retry is used up (RecordAccumulator.splitAndReenqueue). */
  private split(batch: ProducerBatch, nowNs: number): void {
    const { accumulator, settler, idempotence } = this.options;
    const queue = batch.queue!;
    const ratio = settler.noteSplit(batch, nowNs);
    const parts = splitBatch(batch, {
      batchSizeBytes: this.config.batchSizeBytes,
      wireFactor: this.config.compression === 'none' ? 1 : ratio * ESTIMATION_FACTOR,
      newBatch: () => accumulator.takeIdle(),
    });
    accumulator.incomplete.replace(batch, parts);
    idempotence?.noteSplit(batch, parts);
    for (const part of parts) queue.putBack(part);
    batch.state = 'settled';
    accumulator.recycle(batch);
  }
}

function whereOf(batch: ProducerBatch): string {
  return `${batch.queue!.topic.name}-${batch.queue!.partition}`;
}

const DUPLICATE_SEQUENCE_NUMBER = 46;

function isAppended(answer: PartitionAnswer): boolean {
  return answer.errorCode === 0 || answer.errorCode === DUPLICATE_SEQUENCE_NUMBER;
}
