import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { listOffsetsApi } from '../../../core/wire/messages/list-offsets.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import type { RawClient } from './raw-client.ts';

/** Requests as the tests need them: one topic, one partition, by name. */
export async function createTopic(
  client: RawClient,
  name: string,
  options: { partitions?: number; configs?: Record<string, string> } = {},
): Promise<string> {
  const configs = Object.entries(options.configs ?? {}).map(([key, value]) => ({ name: key, value }));
  const response = await client.ask(createTopicsApi, 7, {
    topics: [{ name, numPartitions: options.partitions ?? 1, replicationFactor: 1, configs }],
    timeoutMs: 1000,
  });
  const topic = response.topics[0]!;
  if (topic.errorCode !== 0) throw new Error(`${topic.errorCode}: ${topic.errorMessage}`);
  return topic.topicId;
}

export function produceBody(
  name: string,
  records: Uint8Array | null,
  options: { acks?: number; index?: number } = {},
) {
  return {
    acks: options.acks ?? -1,
    timeoutMs: 1000,
    topicData: [
      { name, partitionData: [{ index: options.index ?? 0, records: records === null ? null : [records] }] },
    ],
  };
}

export async function produce(
  client: RawClient,
  name: string,
  records: Uint8Array | null,
  options: { acks?: number; index?: number; version?: number } = {},
) {
  const response = await client.ask(produceApi, options.version ?? 9, produceBody(name, records, options));
  return response.responses[0]!.partitionResponses[0]!;
}

export interface FetchOptions {
  readonly offset?: number;
  readonly index?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly maxWaitMs?: number;
}

export function fetchBody(name: string, options: FetchOptions = {}) {
  return {
    maxWaitMs: options.maxWaitMs ?? 0,
    minBytes: options.minBytes ?? 1,
    maxBytes: options.maxBytes ?? 10_000_000,
    topics: [
      {
        topic: name,
        partitions: [
          {
            partition: options.index ?? 0,
            fetchOffset: options.offset ?? 0,
            partitionMaxBytes: options.partitionMaxBytes ?? 10_000_000,
          },
        ],
      },
    ],
  };
}

export async function fetchOne(client: RawClient, name: string, options: FetchOptions = {}) {
  const response = await client.ask(fetchApi, 12, fetchBody(name, options));
  return response.responses[0]!.partitions[0]!;
}

export async function listOffset(client: RawClient, name: string, timestamp: number, version = 7) {
  const response = await client.ask(listOffsetsApi, version, {
    topics: [{ name, partitions: [{ partitionIndex: 0, timestamp }] }],
  });
  return response.topics[0]!.partitions[0]!;
}
