import { crc32 } from '../../core/record/crc32.ts';
import { fnv1a } from '../../core/record/fnv1a.ts';
import { absolutePartition, maskedPartition, unsignedPartition } from '../../core/record/key-placement.ts';
import type { Strategy } from './strategy.ts';

/** The defaults of the clients that there are, for records with a key. Checked against each: npm run check:partitioners. */
export const HASH_STRATEGIES: readonly Extract<Strategy, { kind: 'hash' }>[] = [
  {
    kind: 'hash',
    text: {
      name: 'java-murmur2',
      service: 'Java',
      rule: '(murmur2(key) & 0x7fffffff) % partitions',
      clients: [
        'Java: kafka-clients, and Streams, Connect and Spring Kafka with it',
        'Go: franz-go',
        'Node: kafkajs 2, confluent-kafka-javascript (its KafkaJS form), Tidemark',
        'Python: kafka-python, aiokafka',
        'librdkafka with partitioner=murmur2_random',
      ],
    },
    hashes: (keys) => keys.murmur2Hashes(),
    place: maskedPartition,
  },
  {
    kind: 'hash',
    text: {
      name: 'librdkafka-crc32',
      service: 'Python (confluent-kafka)',
      rule: 'crc32(key) % partitions (consistent_random)',
      clients: [
        'C and C++: librdkafka, kcat',
        'Python: confluent-kafka',
        'Go: confluent-kafka-go',
        '.NET: Confluent.Kafka',
        'Node: node-rdkafka, confluent-kafka-javascript (its node-rdkafka form)',
        'Rust: rdkafka',
        'Ruby: rdkafka, Karafka, ruby-kafka',
        'PHP: php-rdkafka',
      ],
    },
    hashes: (keys) => keys.hashes(crc32),
    place: unsignedPartition,
  },
  {
    kind: 'hash',
    text: {
      name: 'sarama-fnv1a',
      service: 'Go (sarama)',
      rule: 'int32(fnv1a(key)) % partitions, negated if negative',
      clients: [
        'Go: sarama',
        'Go: kafka-go with its Hash balancer',
        'librdkafka with partitioner=fnv1a_random',
      ],
    },
    hashes: (keys) => keys.hashes(fnv1a),
    place: absolutePartition,
  },
  {
    kind: 'hash',
    text: {
      name: 'platformatic-murmur2',
      service: 'Node (@platformatic/kafka)',
      rule: 'uint32(murmur2(key)) % partitions',
      clients: ['Node: @platformatic/kafka'],
    },
    hashes: (keys) => keys.murmur2Hashes(),
    place: unsignedPartition,
  },
];
