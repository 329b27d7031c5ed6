import type { TopicState } from '../topic-state.ts';
import type { DeliveryCallback, ProducerRecord } from '../types.ts';

/** A record that could not be appended at once: it waits for metadata, then for memory, within one budget. */
export interface WaitingSend {
  readonly topic: TopicState;
  /**
   * A copy of the fields, with the partition once it was chosen for good; keys and values are the caller's own and
   * must not change meanwhile.
   */
  record: ProducerRecord;
  readonly callback: DeliveryCallback | null;
  readonly opaque: number | object | undefined;
  /** Ends the wait when it aborts. */
  readonly signal: AbortSignal | undefined;
  /** Order over the whole producer. */
  readonly sequence: number;
  readonly startNs: number;
  readonly deadlineNs: number;
}

/** It names a partition that its topic does not have as far as is known. */
export function lacksPartition({ topic, record: { partition } }: WaitingSend): boolean {
  return partition !== undefined && partition >= topic.partitionCount;
}
