import { TidemarkError } from '../../base/errors.ts';
import { lacksPartition, type WaitingSend } from './waiting-send.ts';

/** What a wait was limited by. */
export interface WaitLimits {
  readonly maxBlockMs: number;
  readonly availableBytes: number;
  readonly totalBytes: number;
}

/** max.block.ms is over: TIMEOUT for metadata, BUFFER_EXHAUSTED for memory, as in Kafka's producer. */
export function expiredError(waiting: WaitingSend, limits: WaitLimits): TidemarkError {
  const { maxBlockMs, availableBytes, totalBytes } = limits;
  const { name, partitioner, partitionCount, loadError } = waiting.topic;
  if (partitioner === null) {
    const why = loadError === null ? '' : `; last: ${loadError.message}`;
    const message = `topic ${name} not present in metadata after ${maxBlockMs} ms (max.block.ms)${why}`;
    return new TidemarkError('TIMEOUT', message, { retriable: true, cause: loadError });
  }
  if (lacksPartition(waiting)) {
    const message =
      `partition ${waiting.record.partition} of topic ${name} with partition count ${partitionCount} ` +
      `is not present in metadata after ${maxBlockMs} ms (max.block.ms)`;
    return new TidemarkError('TIMEOUT', message, { retriable: true });
  }
  const message =
    `no memory for a record of ${name} within ${maxBlockMs} ms (max.block.ms): ` +
    `${availableBytes} of ${totalBytes} bytes of buffer.memory are free`;
  return new TidemarkError('BUFFER_EXHAUSTED', message, { retriable: true });
}
