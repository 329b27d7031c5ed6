/**
 * CreateTopics, key 19, v2-7. Refused, each with a message: illegal names, names that exist, names given twice,
 * partition counts below 1 or beyond the cluster's bound, a replication factor other than 1, assignments that are not
 * one live broker for each partition from 0 on, unknown or illegal configs. validate_only refuses the same and makes
 * nothing. The answer tells the count, the configs (v5+) and the id (v7+).
 */
import { TidemarkError } from '../../base/errors.ts';
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopicsApi,
} from '../../wire/messages/create-topics.ts';
import { type Draft, ZERO_UUID } from '../../wire/schema.ts';
import type { ApiHandler } from '../api-handler.ts';
import type { Broker } from '../broker.ts';
import { errorCode } from '../error-code.ts';
import type { TopicCreation } from '../topic-creation.ts';
import { describeTopicConfigs } from '../topic-settings.ts';

const UNKNOWN_SERVER_ERROR = errorCode('UNKNOWN_SERVER_ERROR');
const DEFAULT_COUNT = -1;

type TopicRequest = CreateTopicsRequest['topics'][number];
type TopicAnswer = Draft<CreateTopicsResponse['topics'][number]>;

export const createTopicsHandler: ApiHandler<CreateTopicsRequest, CreateTopicsResponse> = {
  api: createTopicsApi,
  handle(request, exchange) {
    const counts = new Map<string, number>();
    for (const { name } of request.topics) counts.set(name, (counts.get(name) ?? 0) + 1);
    const unique = request.topics.filter(({ name }) => counts.get(name) === 1);
    const repeated = [...counts].filter(([, count]) => count > 1).map(([name]) => name);
    const topics = [
      ...createAll(exchange.broker, unique, request.validateOnly),
      ...repeated.map((name) =>
        failed(name, new TidemarkError('INVALID_REQUEST', 'the request names it twice')),
      ),
    ];
    exchange.respond({ throttleTimeMs: 0, topics });
  },
};

function createAll(
  { cluster }: Broker,
  wanted: readonly TopicRequest[],
  validateOnly: boolean,
): TopicAnswer[] {
  const read = wanted.map((topic) => {
    try {
      const creation = readCreation(topic);
      if (validateOnly) cluster.planTopic(creation);
      return creation;
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      return error;
    }
  });
  const creations = read.filter((each): each is TopicCreation => !(each instanceof TidemarkError));
  const made = validateOnly ? [] : cluster.createTopics(creations);
  let next = 0;
  return read.map((creation, index) => {
    const { name } = wanted[index]!;
    if (creation instanceof TidemarkError) return failed(name, creation);
    const topic = validateOnly ? null : made[next++]!;
    if (topic instanceof TidemarkError) return failed(name, topic);
    const planned = creation.leaders?.length ?? creation.partitionCount;
    return {
      name,
      topicId: topic?.id ?? ZERO_UUID,
      errorCode: 0,
      errorMessage: null,
      numPartitions: planned === DEFAULT_COUNT ? cluster.defaultPartitions : planned,
      replicationFactor: 1,
      configs: describeTopicConfigs(creation.configs, cluster.topicDefaults).map((config) => ({
        name: config.name,
        value: config.value,
        readOnly: false,
        configSource: config.source,
        isSensitive: false,
      })),
    };
  });
}

function readCreation({
  name,
  numPartitions,
  replicationFactor,
  assignments,
  configs,
}: TopicRequest): TopicCreation {
  const values = new Map<string, string>();
  for (const config of configs) {
    if (config.value === null) throw new TidemarkError('INVALID_CONFIG', `${config.name} has no value`);
    values.set(config.name, config.value);
  }
  const base = { name, partitionCount: numPartitions, replicationFactor, configs: values };
  if (assignments.length === 0) return base;
  if (numPartitions !== DEFAULT_COUNT || replicationFactor !== DEFAULT_COUNT) {
    throw new TidemarkError(
      'INVALID_REQUEST',
      'give either assignments or the numbers of partitions and replicas',
    );
  }
  const ordered = assignments.toSorted((left, right) => left.partitionIndex - right.partitionIndex);
  const leaders = ordered.map(({ partitionIndex, brokerIds }, index) => {
    if (partitionIndex !== index || brokerIds.length !== 1) {
      throw new TidemarkError(
        'INVALID_REPLICA_ASSIGNMENT',
        'assignments must name one broker for each partition from 0 on: this cluster does not replicate',
      );
    }
    return brokerIds[0]!;
  });
  return { ...base, leaders };
}

function failed(name: string, error: TidemarkError): TopicAnswer {
  return {
    name,
    topicId: ZERO_UUID,
    errorCode: error.code ?? UNKNOWN_SERVER_ERROR,
    errorMessage: error.message,
    numPartitions: -1,
    replicationFactor: -1,
    configs: null,
  };
}
