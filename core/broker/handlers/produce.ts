/**
 * Produce, key 0, v3-13 (v13 names topics by id). Each partition takes exactly one v2 batch, checked before anything
 * is appended: size (MESSAGE_TOO_LARGE), CRC (CORRUPT_MESSAGE), counts and offsets (INVALID_RECORD). acks=all with
 * fewer live replicas than min.insync.replicas is NOT_ENOUGH_REPLICAS. acks=0 is never answered; an error closes the
 * connection. On the wrong broker: NOT_LEADER_OR_FOLLOWER, from v10 with the leader and its address.
 *
 * Batches with a producer id must follow their producer's sequence (core/log/producer-state.ts): one that was appended
 * before is answered with where it went, others with OUT_OF_ORDER_SEQUENCE_NUMBER or INVALID_PRODUCER_EPOCH. The
 * logAppendTimeMs of a duplicate is -1 under CreateTime, where Kafka gives the batch's largest timestamp, which clients
 * take for the time of every record. Transactions are not served: a transactional batch is refused with what Kafka
 * says to a client that may not use its transactional id, the error that all clients take as final.
 *
 * A broker with a processing delay appends at once and answers that much later. Its connection waits for the answer
 * before it takes the next request, so the delays of requests in flight add up, as they do with a broker that is busy.
 */
import { TidemarkError } from '../../base/errors.ts';
import { COUNT_OFFSET } from '../../record/batch-layout.ts';
import { type ProduceRequest, type ProduceResponse, produceApi } from '../../wire/messages/produce.ts';
import type { ApiHandler, Exchange } from '../api-handler.ts';
import { refuseBatch } from '../batch-acceptance.ts';
import type { Broker } from '../broker.ts';
import { errorCode } from '../error-code.ts';
import type { Partition } from '../partition.ts';
import { accessPartition, findTopic, isLeadershipError, nodeEndpoints } from '../partition-access.ts';
import type { Topic } from '../topic.ts';

const FIRST_VERSION_WITH_ZSTD = 7;
const FIRST_VERSION_BY_ID = 13;
const KAFKA_STORAGE_ERROR = errorCode('KAFKA_STORAGE_ERROR');

type TopicAnswer = ProduceResponse['responses'][number];
type PartitionAnswer = TopicAnswer['partitionResponses'][number];

export const produceHandler: ApiHandler<ProduceRequest, ProduceResponse> = {
  api: produceApi,
  handle(request, exchange) {
    const leaders = new Set<number>();
    let firstErrorCode = 0;
    const responses: TopicAnswer[] = [];
    for (const { name, topicId, partitionData } of request.topicData) {
      const byId = exchange.version >= FIRST_VERSION_BY_ID;
      const { topic, missingCode } = findTopic(exchange.broker, { name, id: topicId, byId });
      const partitionResponses: PartitionAnswer[] = [];
      for (const { index, records } of partitionData) {
        const append = {
          broker: exchange.broker,
          version: exchange.version,
          request,
          topic,
          missingCode,
          index,
          records,
        };
        const answer = appendToPartition(append, leaders);
        if (firstErrorCode === 0) firstErrorCode = answer.errorCode;
        partitionResponses.push(answer);
      }
      responses.push({ name, topicId, partitionResponses });
    }
    afterProcessing(exchange, () =>
      answerRequest({ exchange, acks: request.acks, responses, leaders, firstErrorCode }),
    );
  },
};

function afterProcessing(exchange: Exchange<ProduceResponse>, answer: () => void): void {
  const { clock, processingMs } = exchange.broker;
  if (processingMs === 0) {
    answer();
    return;
  }
  const timer = clock.setTimer(answer, processingMs);
  exchange.onAbandoned(() => clock.clearTimer(timer));
}

function answerRequest(result: {
  exchange: Exchange<ProduceResponse>;
  acks: number;
  responses: TopicAnswer[];
  leaders: ReadonlySet<number>;
  firstErrorCode: number;
}): void {
  const { exchange, acks, responses, leaders, firstErrorCode } = result;
  if (acks !== 0) {
    exchange.respond({
      responses,
      throttleTimeMs: 0,
      nodeEndpoints: nodeEndpoints(exchange.broker, leaders),
    });
  } else if (firstErrorCode === 0) {
    exchange.finishWithoutResponse();
  } else {
    exchange.disconnect(`error ${firstErrorCode} for a request with acks=0`);
  }
}

interface PartitionAppend {
  readonly broker: Broker;
  readonly version: number;
  readonly request: ProduceRequest;
  readonly topic: Topic | undefined;
  readonly missingCode: number;
  readonly index: number;
  readonly records: Buffer | null;
}

/** Adds the current leader to `leaders` when the client must look for it. */
function appendToPartition(append: PartitionAppend, leaders: Set<number>): PartitionAnswer {
  const { broker, request, topic, missingCode, index, records } = append;
  const { partition, code } = accessPartition(broker, topic, index, { missingCode, currentLeaderEpoch: -1 });
  if (code !== 0) {
    const answer = refusal(index, code, null);
    if (partition !== undefined && isLeadershipError(code)) {
      leaders.add(partition.leaderId);
      answer.currentLeader = { leaderId: partition.leaderId, leaderEpoch: partition.leaderEpoch };
    }
    return answer;
  }
  const problem = refuseBatch(records, {
    acks: request.acks,
    config: topic!.settings,
    inSyncCount: partition!.isr.length,
    zstdAllowed: append.version >= FIRST_VERSION_WITH_ZSTD,
    nowMs: broker.clock.wallMs(),
  });
  if (problem !== null) return refusal(index, problem.code, problem.message);
  return appendBatch(broker, partition!, records!);
}

function appendBatch(broker: Broker, partition: Partition, batch: Buffer): PartitionAnswer {
  const recordCount = batch.readInt32BE(COUNT_OFFSET);
  try {
    const { baseOffset, logAppendTimeMs, isDuplicate } = partition.append(batch);
    const { counters } = broker;
    if (isDuplicate) {
      counters.duplicateBatches++;
    } else {
      counters.appendedBatches++;
      counters.appendedRecords += recordCount;
      counters.appendedBytes += batch.length;
    }
    return {
      ...refusal(partition.index, 0, null),
      baseOffset,
      logAppendTimeMs,
      logStartOffset: partition.startOffset,
    };
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return refusal(partition.index, error.code ?? KAFKA_STORAGE_ERROR, error.message);
  }
}

function refusal(index: number, code: number, message: string | null): PartitionAnswer {
  return {
    index,
    errorCode: code,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: message,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
}
