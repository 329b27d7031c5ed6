import type { TopicState } from './topic-state.ts';
import type { DeliveryCallback, ProducerRecord } from './types.ts';

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
  /** Order over the whole producer. */
  readonly sequence: number;
  readonly deadlineNs: number;
}
