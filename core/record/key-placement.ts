/**
 * From the hash of a key to its partition, as each family of clients goes about it. `hash` is a 32-bit integer, signed
 * or not; partitions count from 0 to `partitionCount - 1`. Empty keys are hashed as well, save by librdkafka's default,
 * which treats them as no key at all (rd_kafka_msg_partitioner_consistent_random).
 */

/** Java's Utils.toPositive: the sign bit is dropped. Also kafkajs, franz-go, kafka-python, librdkafka's murmur2_random. */
export function maskedPartition(hash: number, partitionCount: number): number {
  return (hash & 0x7fff_ffff) % partitionCount;
}

/**
 * The hash as an unsigned number: librdkafka's consistent_random, with CRC-32; @platformatic/kafka's default, with
 * murmur2, which agrees with Java's on all keys only where the partitions are a power of two.
 */
export function unsignedPartition(hash: number, partitionCount: number): number {
  return (hash >>> 0) % partitionCount;
}

/** `int32(hash) % N`, negated if negative: sarama's HashPartitioner, with FNV-1a; librdkafka's fnv1a_random. */
export function absolutePartition(hash: number, partitionCount: number): number {
  return Math.abs((hash | 0) % partitionCount);
}
