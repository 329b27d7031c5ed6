/**
 * Fetch, key 1, v4-18 (v13+ names topics by id). Whole batches up to the high watermark: at most max_bytes over all
 * partitions and partition_max_bytes in each, but at least one batch in all if there is any. When less than min_bytes
 * is there and nothing failed, the answer waits for appends, at most max_wait_ms. No fetch sessions: session id 0 is
 * always answered, which Kafka allows, and a request that names a session gets FETCH_SESSION_ID_NOT_FOUND. A partition
 * asked for twice is read once and then refused with INVALID_REQUEST: each reading may cost the disk a batch.
 */
import { TidemarkError } from '../../base/errors.ts';
import { type FetchRequest, type FetchResponse, fetchApi } from '../../wire/messages/fetch.ts';
import type { Draft } from '../../wire/schema.ts';
import type { ApiHandler, Exchange } from '../api-handler.ts';
import { errorCode } from '../error-code.ts';
import { DelayedFetch } from '../fetch-purgatory.ts';
import type { Partition } from '../partition.ts';
import { accessPartition, findTopic, isLeadershipError, nodeEndpoints } from '../partition-access.ts';

const FIRST_VERSION_BY_ID = 13;
const READ_COMMITTED = 1;
const FETCH_SESSION_ID_NOT_FOUND = errorCode('FETCH_SESSION_ID_NOT_FOUND');
const INVALID_REQUEST = errorCode('INVALID_REQUEST');
const KAFKA_STORAGE_ERROR = errorCode('KAFKA_STORAGE_ERROR');

type PartitionRequest = FetchRequest['topics'][number]['partitions'][number];
type TopicAnswer = Draft<FetchResponse['responses'][number]>;
type PartitionAnswer = Draft<FetchResponse['responses'][number]['partitions'][number]>;

export const fetchHandler: ApiHandler<FetchRequest, FetchResponse> = {
  api: fetchApi,
  handle(request, exchange) {
    if (request.sessionId !== 0) {
      exchange.respond({ errorCode: FETCH_SESSION_ID_NOT_FOUND, sessionId: 0, responses: [] });
      return;
    }
    const result = readAll(request, exchange);
    const missingBytes = request.minBytes - result.bytes;
    if (missingBytes <= 0 || result.hasError || request.maxWaitMs <= 0 || result.partitions.size === 0) {
      answer(exchange, result);
      return;
    }
    const waiting = DelayedFetch.start(exchange.broker.clock, {
      partitions: [...result.partitions].map((partition) => partition.waiters),
      missingBytes,
      maxWaitMs: request.maxWaitMs,
      complete: () => answer(exchange, readAll(request, exchange)),
    });
    exchange.onAbandoned(() => waiting.cancel());
  },
};

interface FetchResult {
  readonly responses: TopicAnswer[];
  readonly partitions: Set<Partition>;
  readonly leaders: Set<number>;
  bytes: number;
  hasError: boolean;
  freeBytes: number;
}

function answer(exchange: Exchange<FetchResponse>, result: FetchResult): void {
  exchange.respond({
    throttleTimeMs: 0,
    errorCode: 0,
    sessionId: 0,
    responses: result.responses,
    nodeEndpoints: nodeEndpoints(exchange.broker, result.leaders),
  });
}

function readAll(request: FetchRequest, exchange: Exchange<FetchResponse>): FetchResult {
  const { broker, version } = exchange;
  // What other connections have not taken yet leaves less for this response; one batch always goes out.
  const freeBytes = Math.min(request.maxBytes, broker.limits.fetchMaxBytes, broker.budget.freeBytes);
  const result: FetchResult = {
    responses: [],
    partitions: new Set(),
    leaders: new Set(),
    bytes: 0,
    hasError: false,
    freeBytes,
  };
  for (const wanted of request.topics) {
    const reference = { name: wanted.topic, id: wanted.topicId, byId: version >= FIRST_VERSION_BY_ID };
    const { topic, missingCode } = findTopic(broker, reference);
    const partitions = wanted.partitions.map((partitionRequest): PartitionAnswer => {
      const { partition: index, currentLeaderEpoch } = partitionRequest;
      const { partition, code } = accessPartition(broker, topic, index, { missingCode, currentLeaderEpoch });
      const isRepeated = code === 0 && result.partitions.has(partition!);
      if (code === 0 && !isRepeated) return readPartition(partition!, partitionRequest, request, result);
      result.hasError = true;
      const failed = refusal(index, isRepeated ? INVALID_REQUEST : code);
      if (partition === undefined || !isLeadershipError(code)) return failed;
      result.leaders.add(partition.leaderId);
      const { leaderId, leaderEpoch } = partition;
      return { ...failed, currentLeader: { leaderId, leaderEpoch } };
    });
    result.responses.push({ topic: wanted.topic, topicId: wanted.topicId, partitions });
  }
  return result;
}

/** Takes what it reads out of the result's free bytes. */
function readPartition(
  partition: Partition,
  wanted: PartitionRequest,
  request: FetchRequest,
  result: FetchResult,
): PartitionAnswer {
  result.partitions.add(partition);
  const { highWatermark, startOffset } = partition;
  const found = {
    ...refusal(wanted.partition, 0),
    highWatermark,
    lastStableOffset: highWatermark,
    logStartOffset: startOffset,
    abortedTransactions: request.isolationLevel === READ_COMMITTED ? [] : null,
  };
  const limit = Math.min(wanted.partitionMaxBytes, result.freeBytes);
  const isFirst = result.bytes === 0;
  try {
    // Even without room the offset is checked.
    const chunks = partition.read(wanted.fetchOffset, Math.max(0, limit));
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    // The log gives at least one batch; only the first partition with data may exceed the limit by it.
    if (bytes > limit && !isFirst) return found;
    result.bytes += bytes;
    result.freeBytes -= bytes;
    return { ...found, records: chunks };
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    result.hasError = true;
    const { code } = error;
    return { ...found, errorCode: code ?? KAFKA_STORAGE_ERROR };
  }
}

function refusal(index: number, code: number): PartitionAnswer {
  return {
    partitionIndex: index,
    errorCode: code,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: [],
  };
}
