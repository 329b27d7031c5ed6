import type { Producer } from '../core/producer/producer.ts';
import type { DeliveryTracker } from './delivery-tracker.ts';
import type { RecordSource } from './record-source.ts';
import type { WorkloadSpec } from './trial-spec.ts';

/**
 * Sends the next record in the form that the workload chose. Never called when the producer could block:
 * the source's record is overwritten by the next one, so it must be copied within send().
 */
export interface RecordSender {
  sendNext(): void;
  /** Records that may be under way at once: 1 where each is awaited. */
  readonly maxOutstanding: number;
}

export function createRecordSender(
  form: WorkloadSpec['send'],
  producer: Producer,
  source: RecordSource,
  tracker: DeliveryTracker,
): RecordSender {
  const sendAwaited = (): void => {
    const sequence = tracker.nextSequence();
    producer.send(source.at(sequence)).then(
      (metadata) => tracker.onDelivery(null, metadata, sequence),
      (error) => tracker.onDelivery(error, NO_METADATA, sequence),
    );
  };
  switch (form) {
    case 'callback':
      return {
        maxOutstanding: Number.POSITIVE_INFINITY,
        sendNext() {
          const sequence = tracker.nextSequence();
          producer.send(source.at(sequence), tracker.onDelivery, sequence);
        },
      };
    case 'forget':
      return {
        maxOutstanding: Number.POSITIVE_INFINITY,
        sendNext() {
          producer.send(source.at(tracker.nextSequence()), null);
        },
      };
    case 'promise':
      return { maxOutstanding: Number.POSITIVE_INFINITY, sendNext: sendAwaited };
    case 'sync':
      return { maxOutstanding: 1, sendNext: sendAwaited };
  }
}

const NO_METADATA = { topic: '', partition: -1, offset: -1, timestamp: -1 };
