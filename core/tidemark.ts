/**
 * What `import ... from 'tidemark'` gives: the producer, a consumer of assigned partitions to read back with, and
 * what their signatures speak of.
 */
export type { Clock } from './base/clock.ts';
export { TidemarkError } from './base/errors.ts';
export type { Network } from './base/network.ts';
export type { Random } from './base/random.ts';
export type { TokenSource } from './client/security/security-config.ts';
export type { ConsumerOptions, PartitionOffset } from './consumer/consumer.ts';
export { Consumer } from './consumer/consumer.ts';
export type { ConsumerRecord, TopicPartition } from './consumer/consumer-record.ts';
export { RecordDeserializationError } from './consumer/record-decoder.ts';
export type { ProducerConfig } from './producer/config/config.ts';
export type { ProducerInterceptor } from './producer/intake/interceptors.ts';
export type { ProducerMetric } from './producer/metrics/producer-metrics.ts';
export type { Partitioner, PartitionerCluster } from './producer/partitioners/partitioner-module.ts';
export type {
  DeliveryCallback,
  PartitionerOption,
  PartitionInfo,
  ProducerObserver,
  ProducerOptions,
  ProducerProperties,
  ProducerRecord,
  ProducerStats,
  PropertyValue,
  RecordHeaders,
  RecordMetadata,
  SendOptions,
  SerializerOption,
  SettledBatch,
  WaitOptions,
} from './producer/producer.ts';
export { Producer } from './producer/producer.ts';
export type { BuiltInDeserializer, Deserializer } from './record/deserializers.ts';
export { DESERIALIZERS } from './record/deserializers.ts';
export type { StoredHeader } from './record/record-cursor.ts';
export type { BuiltInSerializer, Serializer } from './record/serializers.ts';
export { SERIALIZERS } from './record/serializers.ts';
export type { RecordData, RecordHeader } from './record/types.ts';
