import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Producer } from '@platformatic/kafka';
import { Partitioners } from 'kafkajs';
import type { Party } from './party.ts';
import { readPlacements } from './read-placements.ts';
import { startTopicCluster } from './topic-cluster.ts';

const require = createRequire(import.meta.url);
const BATCH_RECORDS = 1_000;
const TOPIC = 'placed';

function versionOf(name: string): string {
  const found = require.resolve.paths(name)!.map((folder) => `${folder}/${name}/package.json`);
  for (const file of found) {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    } catch {}
  }
  throw new Error(`${name} is not installed`);
}

/** kafkajs: its default partitioner, which decides alone. */
export function kafkajs(): Party {
  return {
    name: `kafkajs ${versionOf('kafkajs')}`,
    strategy: 'java-murmur2',
    place: async (keys, partitions) => {
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionErrorCode: 0,
        partitionId,
        leader: 1,
        replicas: [1],
        isr: [1],
      }));
      const place = Partitioners.DefaultPartitioner();
      return keys.map((key) => place({ topic: TOPIC, partitionMetadata, message: { key, value: null } }));
    },
  };
}

/** @platformatic/kafka: the remainder is taken in the producer, so it has to produce. */
export function platformatic(): Party {
  return {
    name: `@platformatic/kafka ${versionOf('@platformatic/kafka')}`,
    strategy: 'platformatic-murmur2',
    place: async (keys, partitions) => {
      const cluster = await startTopicCluster(partitions);
      const producer = new Producer({
        clientId: 'placing',
        bootstrapBrokers: [cluster.bootstrapServers],
        autocreateTopics: true,
      });
      try {
        for (let at = 0; at < keys.length; at += BATCH_RECORDS) {
          const messages = keys
            .slice(at, at + BATCH_RECORDS)
            .map((key, index) => ({ topic: TOPIC, key, value: Buffer.from(String(at + index)) }));
          await producer.send({ messages, acks: -1 });
        }
        return await readPlacements(cluster.bootstrapServers, TOPIC, keys);
      } finally {
        await producer.close();
        await cluster.close();
      }
    },
  };
}
