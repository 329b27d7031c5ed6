/**
 * DeleteTopics, key 20, v1-6 (v6 names topics by name or by id). The data goes at once, memory and files, and fetches
 * that wait for it are answered. Unknown: UNKNOWN_TOPIC_OR_PARTITION, by id UNKNOWN_TOPIC_ID.
 */
import type { TidemarkError } from '../../base/errors.ts';
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
import type { Topic } from '../topic.ts';

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
    const topics = new Set<Topic>();
    const answers = wanted.map((each): Answer | Topic => {
      const found = find(exchange.broker, each, topics);
      if (isTopic(found)) topics.add(found);
      return found;
    });
    const deleted = [...topics];
    const failures = exchange.broker.cluster.deleteTopics(deleted);
    const outcomes = new Map(deleted.map((topic, index) => [topic, failures[index]!]));
    const responses = answers.map((answer, index) =>
      isTopic(answer) ? outcome(wanted[index]!, answer, outcomes.get(answer) ?? null) : answer,
    );
    exchange.respond({ throttleTimeMs: 0, responses });
  },
};

/** The topic to delete, or why there is none; one that `taken` holds is as good as deleted. */
function find(broker: Broker, { name, topicId }: Named, taken: ReadonlySet<Topic>): Answer | Topic {
  const byId = name === null;
  if (!byId && topicId !== ZERO_UUID) {
    return { name, topicId, errorCode: INVALID_REQUEST, errorMessage: 'give the name or the id, not both' };
  }
  const { topic, missingCode } = findTopic(broker, { name: name ?? '', id: topicId, byId });
  if (topic !== undefined && !taken.has(topic)) return topic;
  return { name, topicId, errorCode: missingCode, errorMessage: `there is no topic ${name ?? topicId}` };
}

function isTopic(found: Answer | Topic): found is Topic {
  return 'partitions' in found;
}

function outcome({ name, topicId }: Named, topic: Topic, error: TidemarkError | null): Answer {
  if (error === null) return { name: topic.name, topicId: topic.id, errorCode: 0, errorMessage: null };
  return { name, topicId, errorCode: error.code ?? UNKNOWN_SERVER_ERROR, errorMessage: error.message };
}
