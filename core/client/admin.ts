import { kafkaErrorByCode, TidemarkError } from '../base/errors.ts';
import { createTopicsApi } from '../wire/messages/create-topics.ts';
import { deleteTopicsApi } from '../wire/messages/delete-topics.ts';
import { describeConfigsApi, TOPIC_RESOURCE } from '../wire/messages/describe-configs.ts';
import type { BrokerConnection } from './broker-connection.ts';
import type { Cluster } from './cluster.ts';
import { retrying } from './retry.ts';
import type { TopicMetadata } from './topic-metadata.ts';

export { type ListedOffset, listOffsets, type OffsetSpec } from './list-offsets.ts';

export interface AdminOptions {
  /** In all, retries included; default.api.timeout.ms unless told. */
  readonly timeoutMs?: number | undefined;
}

export interface NewTopic {
  readonly name: string;
  /** -1: the broker's default. */
  readonly partitions: number;
  /** -1: the broker's default. */
  readonly replicationFactor: number;
  readonly configs?: Readonly<Record<string, string>> | undefined;
}

/**
 * Creates a topic and waits until every partition has a leader. Rejects with the broker's error: TOPIC_ALREADY_EXISTS,
 * INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_CONFIG, INVALID_TOPIC_EXCEPTION, ...
 */
export async function createTopic(
  cluster: Cluster,
  topic: NewTopic,
  options: AdminOptions = {},
): Promise<TopicMetadata> {
  const what = `create topic ${topic.name}`;
  const timeoutMs = options.timeoutMs ?? cluster.config.defaultApiTimeoutMs;
  const endNs = cluster.clock.nowNs() + timeoutMs * 1e6;
  let partitions = topic.partitions;
  await atController(
    cluster,
    { what, timeoutMs, doneWhenUnknown: 'TOPIC_ALREADY_EXISTS' },
    async (to, leftMs) => {
      const response = await to.request(createTopicsApi, {
        topics: [
          {
            name: topic.name,
            numPartitions: topic.partitions,
            replicationFactor: topic.replicationFactor,
            configs: Object.entries(topic.configs ?? {}).map(([name, value]) => ({ name, value })),
          },
        ],
        timeoutMs: brokerTimeoutMs(cluster, leftMs),
      });
      const answer = onlyAnswer(response.topics, what);
      refuse(answer, what);
      if (answer.numPartitions > 0) partitions = answer.numPartitions;
    },
  );
  const leftMs = (endNs - cluster.clock.nowNs()) / 1e6;
  return retrying(
    cluster,
    { what: `${what}: wait for its leaders`, timeoutMs: Math.max(leftMs, 1) },
    async () => {
      const found = await cluster.fetchTopic(topic.name);
      const led = found.partitions.filter((partition) => partition.leaderId >= 0).length;
      if (led < Math.max(partitions, found.partitions.length, 1)) {
        throw new TidemarkError('LEADER_NOT_AVAILABLE', `${led} of ${partitions} partitions have a leader`);
      }
      return found;
    },
  );
}

/** Deletes a topic. Rejects with the broker's error: UNKNOWN_TOPIC_OR_PARTITION, TOPIC_DELETION_DISABLED, ... */
export async function deleteTopic(cluster: Cluster, name: string, options: AdminOptions = {}): Promise<void> {
  const what = `delete topic ${name}`;
  const timeoutMs = options.timeoutMs ?? cluster.config.defaultApiTimeoutMs;
  await atController(
    cluster,
    { what, timeoutMs, doneWhenUnknown: 'UNKNOWN_TOPIC_OR_PARTITION' },
    async (to, leftMs) => {
      const response = await to.request(deleteTopicsApi, {
        topics: [{ name }],
        topicNames: [name],
        timeoutMs: brokerTimeoutMs(cluster, leftMs),
      });
      const answer = onlyAnswer(response.responses, what);
      // Retriable elsewhere, where metadata may lag; here it is the answer.
      refuse(answer, what, 'UNKNOWN_TOPIC_OR_PARTITION');
    },
  );
  cluster.forgetTopic(name);
}

export interface TopicConfig {
  readonly name: string;
  /** null when sensitive. */
  readonly value: string | null;
  readonly isReadOnly: boolean;
  readonly isSensitive: boolean;
  /** Kafka's ConfigSource: 1 set on the topic, 2 to 4 on brokers, 5 the default, -1 not told. */
  readonly source: number;
}

/** Every config of a topic, in the broker's order. */
export async function describeTopicConfigs(
  cluster: Cluster,
  topic: string,
  options: AdminOptions = {},
): Promise<TopicConfig[]> {
  const what = `describe configs of topic ${topic}`;
  const timeoutMs = options.timeoutMs ?? cluster.config.defaultApiTimeoutMs;
  return retrying(cluster, { what, timeoutMs }, async () => {
    const connection = await cluster.anyConnection();
    const response = await connection.request(describeConfigsApi, {
      resources: [{ resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: null }],
    });
    const answer = onlyAnswer(response.results, what);
    refuse(answer, what, 'UNKNOWN_TOPIC_OR_PARTITION');
    return answer.configs.map((config) => ({
      name: config.name,
      value: config.value,
      isReadOnly: config.readOnly,
      isSensitive: config.isSensitive,
      source: config.configSource,
    }));
  });
}

interface ControllerCall {
  readonly what: string;
  readonly timeoutMs: number;
  /** This error means success once an earlier attempt ended without its outcome being known. */
  readonly doneWhenUnknown: string;
}

/**
 * Runs `call` at the controller, or at any broker when none is named (KRaft brokers name one of themselves and
 * forward). NOT_CONTROLLER and lost connections are tried again, with the metadata renewed.
 */
async function atController(
  cluster: Cluster,
  options: ControllerCall,
  call: (connection: BrokerConnection, leftMs: number) => Promise<void>,
): Promise<void> {
  let isOutcomeUnknown = false;
  await retrying(cluster, options, async (leftMs) => {
    const { controllerId } = cluster;
    const connection = await (controllerId >= 0
      ? cluster.connectionTo(controllerId)
      : cluster.anyConnection()
    ).catch((error) => {
      cluster.requestRefresh();
      throw error;
    });
    try {
      await call(connection, leftMs);
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      if (isOutcomeUnknown && error.kind === options.doneWhenUnknown) return;
      if (['NETWORK', 'TIMEOUT', 'REQUEST_TIMED_OUT'].includes(error.kind)) isOutcomeUnknown = true;
      if (error.retriable) cluster.requestRefresh();
      throw error;
    }
  });
}

/** The broker gives up before the connection does, so that its answer is the one heard. */
function brokerTimeoutMs(cluster: Cluster, leftMs: number): number {
  return Math.max(1, Math.floor(Math.min(leftMs, cluster.config.requestTimeoutMs / 2)));
}

function onlyAnswer<T>(answers: readonly T[], what: string): T {
  const answer = answers[0];
  if (answer === undefined || answers.length > 1) {
    throw new TidemarkError('PROTOCOL', `${what}: ${answers.length} answers to one question`);
  }
  return answer;
}

/** Throws the broker's error with its own words, if any; `fatalKind` is not worth a retry here. */
function refuse(
  answer: { errorCode: number; errorMessage: string | null },
  what: string,
  fatalKind = '',
): void {
  if (answer.errorCode === 0) return;
  const known = kafkaErrorByCode(answer.errorCode);
  const message = `${what}: ${known.name} (${answer.errorCode}): ${answer.errorMessage ?? known.message}`;
  throw new TidemarkError(known.name, message, {
    code: answer.errorCode,
    retriable: known.retriable && known.name !== fatalKind,
  });
}
