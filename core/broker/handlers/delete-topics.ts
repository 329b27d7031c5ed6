/**
 * DeleteTopics, key 20, v1-6 (v6 names topics by name or by id). The data goes at once, memory and files, and fetches
 * that wait for it are answered. Unknown: UNKNOWN_TOPIC_OR_PARTITION, by id UNKNOWN_TOPIC_ID.
 */
import { TidemarkError } from '../../base/errors.ts';
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deleteTopicsApi,
} from '../../wire/messages/delete-topics.ts';
import { ZERO_UUID } from '../../wire/schema.ts';
import type { ApiHandler } from '../api-handler.ts';
import type { Broker } from '../broker.ts';
import { errorCode } from '../error-code.ts';
import { findTopic } from '../partition-access.ts';

const FIRST_VERSION_WITH_IDS = 6;
const INVALID_REQUEST = errorCode('INVALID_REQUEST');
const UNKNOWN_SERVER_ERROR = errorCode('UNKNOWN_SERVER_ERROR');

type Answer = DeleteTopicsResponse['responses'][number];
type Named = { readonly name: string | null; readonly topicId: string };

export const deleteTopicsHandler: ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse> = {
  api: deleteTopicsApi,
  handle(request, exchange) {
    const wanted: readonly Named[] =
      exchange.version >= FIRST_VERSION_WITH_IDS
        ? request.topics
        : request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
    exchange.respond({
      throttleTimeMs: 0,
      responses: wanted.map((each) => deleteOne(exchange.broker, each)),
    });
  },
};

function deleteOne(broker: Broker, { name, topicId }: Named): Answer {
  const byId = name === null;
  if (!byId && topicId !== ZERO_UUID) {
    return { name, topicId, errorCode: INVALID_REQUEST, errorMessage: 'give the name or the id, not both' };
  }
  const { topic, missingCode } = findTopic(broker, { name: name ?? '', id: topicId, byId });
  if (topic === undefined) {
    return { name, topicId, errorCode: missingCode, errorMessage: `there is no topic ${name ?? topicId}` };
  }
  try {
    broker.cluster.deleteTopic(topic);
    return { name: topic.name, topicId: topic.id, errorCode: 0, errorMessage: null };
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { name, topicId, errorCode: error.code ?? UNKNOWN_SERVER_ERROR, errorMessage: error.message };
  }
}
