import { kafkaError, TidemarkError } from '../base/errors.ts';
import {
  EARLIEST_TIMESTAMP,
  LATEST_TIMESTAMP,
  listOffsetsApi,
  MAX_TIMESTAMP,
} from '../wire/messages/list-offsets.ts';
import type { Cluster } from './cluster.ts';
import { retrying } from './retry.ts';

/** A place in the log, or a record timestamp in milliseconds: then the first record at or after it. */
export type OffsetSpec = 'earliest' | 'latest' | 'max-timestamp' | number;

export interface ListedOffset {
  /** -1 when no record is at or after the timestamp. */
  readonly offset: number;
  /** Of the record found; -1 for a place in the log. */
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

const SPECIAL = { earliest: EARLIEST_TIMESTAMP, latest: LATEST_TIMESTAMP, 'max-timestamp': MAX_TIMESTAMP };

/**
 * The offset at `at` of each partition, asked of its leader. What another broker leads by now is asked again within
 * the time budget. Rejects with UNKNOWN_TOPIC_OR_PARTITION at once for a partition the topic does not have.
 */
export async function listOffsets(
  cluster: Cluster,
  topic: string,
  partitions: readonly number[],
  at: OffsetSpec,
  options: { readonly timeoutMs?: number | undefined } = {},
): Promise<Map<number, ListedOffset>> {
  const timestamp = typeof at === 'number' ? at : SPECIAL[at];
  const timeoutMs = options.timeoutMs ?? cluster.config.defaultApiTimeoutMs;
  const found = new Map<number, ListedOffset>();
  let isFirst = true;
  await retrying(cluster, { what: `list offsets of topic ${topic}`, timeoutMs }, async (leftMs) => {
    const metadata = isFirst
      ? await cluster.metadataFor(topic, { timeoutMs: leftMs, allowAutoCreation: false })
      : await cluster.fetchTopic(topic);
    isFirst = false;
    const byLeader = new Map<number, number[]>();
    for (const partition of partitions) {
      if (found.has(partition)) continue;
      const known = metadata.partitions[partition];
      if (known === undefined) throw noSuchPartition(topic, partition, metadata.partitions.length);
      if (known.leaderId < 0) throw kafkaError(5, `${topic}-${partition}`);
      byLeader.set(known.leaderId, [...(byLeader.get(known.leaderId) ?? []), partition]);
    }
    const asked = [...byLeader].map(([leader, theirs]) =>
      askLeader(cluster, leader, { topic, partitions: theirs, timestamp, found }),
    );
    // Every leader is heard before the first failure is told, so that a retry asks only what is missing.
    const outcomes = await Promise.allSettled(asked);
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  });
  return found;
}

interface LeaderQuestion {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly timestamp: number;
  readonly found: Map<number, ListedOffset>;
}

async function askLeader(cluster: Cluster, leader: number, question: LeaderQuestion): Promise<void> {
  const { topic, partitions, timestamp, found } = question;
  const connection = await cluster.connectionTo(leader);
  const response = await connection.request(listOffsetsApi, {
    topics: [
      {
        name: topic,
        partitions: partitions.map((partitionIndex) => ({ partitionIndex, timestamp })),
      },
    ],
    timeoutMs: cluster.config.requestTimeoutMs,
  });
  const answers = response.topics.find((each) => each.name === topic)?.partitions ?? [];
  let failure: TidemarkError | null = null;
  for (const partition of partitions) {
    const answer = answers.find((each) => each.partitionIndex === partition);
    if (answer === undefined) {
      failure = new TidemarkError('PROTOCOL', `${connection.name} lists no offset of ${topic}-${partition}`);
    } else if (answer.errorCode !== 0) failure = kafkaError(answer.errorCode, `${topic}-${partition}`);
    else found.set(partition, answer);
  }
  if (failure !== null) throw failure;
}

function noSuchPartition(topic: string, partition: number, count: number): TidemarkError {
  const message = `topic ${topic} has ${count} partitions, there is no partition ${partition}`;
  return new TidemarkError('UNKNOWN_TOPIC_OR_PARTITION', message, { retriable: false });
}
