/** What `import ... from 'tidemark'` gives: the producer, and what its signatures speak of. */
export type { Clock } from './base/clock.ts';
export { TidemarkError } from './base/errors.ts';
export type {
  DeliveryCallback,
  ProducerEnvironment,
  ProducerObserver,
  ProducerRecord,
  RecordMetadata,
} from './producer/producer.ts';
export { Producer } from './producer/producer.ts';
export type { RecordData, RecordHeader } from './record/types.ts';
