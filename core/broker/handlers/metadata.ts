/**
 * Metadata, key 3, v0-13. All topics when the list is null (v0: when it is empty), else those asked for by name or,
 * from v12, by id. A missing topic is made with the cluster's defaults when both the request (from v4) and the
 * cluster allow it, and answered at once: its leaders are live. Illegal names: INVALID_TOPIC_EXCEPTION. A topic asked
 * for twice is answered once.
 */
import { TidemarkError } from '../../base/errors.ts';
import { type MetadataRequest, type MetadataResponse, metadataApi } from '../../wire/messages/metadata.ts';
import { type Draft, ZERO_UUID } from '../../wire/schema.ts';
import type { ApiHandler, Exchange } from '../api-handler.ts';
import type { Broker } from '../broker.ts';
import { errorCode } from '../error-code.ts';
import type { Topic } from '../topic.ts';
import { topicNameProblem } from '../topic-name.ts';

const UNKNOWN_TOPIC_OR_PARTITION = errorCode('UNKNOWN_TOPIC_OR_PARTITION');
const UNKNOWN_TOPIC_ID = errorCode('UNKNOWN_TOPIC_ID');
const INVALID_TOPIC_EXCEPTION = errorCode('INVALID_TOPIC_EXCEPTION');
const UNKNOWN_SERVER_ERROR = errorCode('UNKNOWN_SERVER_ERROR');

const NO_REFUSALS: ReadonlyMap<string, TidemarkError> = new Map();

type TopicAnswer = Draft<MetadataResponse['topics'][number]>;

export const metadataHandler: ApiHandler<MetadataRequest, MetadataResponse> = {
  api: metadataApi,
  handle(request, exchange) {
    const { broker } = exchange;
    const { cluster } = broker;
    exchange.respond({
      throttleTimeMs: 0,
      brokers: cluster.brokers.map(({ nodeId, host, port }) => ({ nodeId, host, port, rack: null })),
      clusterId: cluster.clusterId,
      controllerId: cluster.controllerId,
      topics: answerTopics(request, exchange),
    });
  },
};

function answerTopics(request: MetadataRequest, exchange: Exchange<MetadataResponse>): TopicAnswer[] {
  const { cluster } = exchange.broker;
  const wanted = request.topics;
  if (wanted === null || (exchange.version === 0 && wanted.length === 0)) {
    return [...cluster.topics()].map(describeTopic);
  }
  // Named a million times, a topic of many partitions would make an answer of gigabytes.
  const distinct = new Map(wanted.map((each) => [each.name ?? `id ${each.topicId}`, each]));
  const named = [...distinct.values()].flatMap(({ name }) => (name === null ? [] : [name]));
  const refusals = request.allowAutoTopicCreation ? createMissing(exchange.broker, named) : NO_REFUSALS;
  return [...distinct.values()].map(({ name, topicId }) => {
    if (name !== null) return answerName(name, exchange.broker, refusals);
    const topic = topicId === ZERO_UUID ? undefined : cluster.topicById(topicId);
    return topic ? describeTopic(topic) : { ...failed(UNKNOWN_TOPIC_ID, null), topicId };
  });
}

/** Makes the topics that are not there, all at once; returns why those that could not be made were refused. */
function createMissing({ cluster }: Broker, names: readonly string[]): ReadonlyMap<string, TidemarkError> {
  const refusals = new Map<string, TidemarkError>();
  if (!cluster.autoCreateTopics) return refusals;
  const missing = names.filter(
    (name) => cluster.topic(name) === undefined && topicNameProblem(name) === null,
  );
  if (missing.length === 0) return refusals;
  const configs = new Map<string, string>();
  const made = cluster.createTopics(
    missing.map((name) => ({ name, partitionCount: -1, replicationFactor: -1, configs })),
  );
  for (const [index, outcome] of made.entries()) {
    if (outcome instanceof TidemarkError) refusals.set(missing[index]!, outcome);
  }
  return refusals;
}

function answerName(
  name: string,
  { cluster }: Broker,
  refusals: ReadonlyMap<string, TidemarkError>,
): TopicAnswer {
  const topic = cluster.topic(name);
  if (topic !== undefined) return describeTopic(topic);
  if (topicNameProblem(name) !== null) return failed(INVALID_TOPIC_EXCEPTION, name);
  const refusal = refusals.get(name);
  if (refusal === undefined) return failed(UNKNOWN_TOPIC_OR_PARTITION, name);
  return failed(refusal.code ?? UNKNOWN_SERVER_ERROR, name);
}

function describeTopic(topic: Topic): TopicAnswer {
  return {
    ...failed(0, topic.name),
    topicId: topic.id,
    partitions: topic.partitions.map((partition) => ({
      errorCode: 0,
      partitionIndex: partition.index,
      leaderId: partition.leaderId,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: [...partition.replicas],
      isrNodes: [...partition.isr],
      offlineReplicas: [],
    })),
  };
}

function failed(code: number, name: string | null): TopicAnswer {
  return { errorCode: code, name, topicId: ZERO_UUID, isInternal: false, partitions: [] };
}
