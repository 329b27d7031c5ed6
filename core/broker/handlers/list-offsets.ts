/**
 * ListOffsets, key 2, v1-11. Timestamps: -1 latest (the high watermark), -2 earliest, -3 the record with the largest
 * timestamp (v7+), -4 earliest on this broker's own disk (v8+, the same as earliest: nothing is tiered), -5 and -6
 * latest tiered and earliest not yet tiered (v9+, v11+: answered with offset -1), otherwise the first record whose
 * timestamp is at least the one given (offset and timestamp -1 when there is none). A partition asked for twice:
 * INVALID_REQUEST, as in Kafka.
 */
import { TidemarkError } from '../../base/errors.ts';
import {
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  listOffsetsApi,
} from '../../wire/messages/list-offsets.ts';
import type { ApiHandler } from '../api-handler.ts';
import { errorCode } from '../error-code.ts';
import type { Partition } from '../partition.ts';
import { accessPartition, findTopic } from '../partition-access.ts';

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
const EARLIEST_PENDING_UPLOAD = -6;
const INVALID_REQUEST = errorCode('INVALID_REQUEST');
const KAFKA_STORAGE_ERROR = errorCode('KAFKA_STORAGE_ERROR');
const NOT_FOUND = { offset: -1, timestamp: -1 };

type PartitionAnswer = ListOffsetsResponse['topics'][number]['partitions'][number];

export const listOffsetsHandler: ApiHandler<ListOffsetsRequest, ListOffsetsResponse> = {
  api: listOffsetsApi,
  handle(request, exchange) {
    const { broker } = exchange;
    const seen = new Set<Partition>();
    const topics = request.topics.map(({ name, partitions }) => {
      const { topic, missingCode } = findTopic(broker, { name, id: '', byId: false });
      return {
        name,
        partitions: partitions.map(({ partitionIndex, currentLeaderEpoch, timestamp }): PartitionAnswer => {
          const check = { missingCode, currentLeaderEpoch };
          const { partition, code } = accessPartition(broker, topic, partitionIndex, check);
          if (code !== 0) return { partitionIndex, errorCode: code, ...NOT_FOUND, leaderEpoch: -1 };
          if (seen.has(partition!))
            return { partitionIndex, errorCode: INVALID_REQUEST, ...NOT_FOUND, leaderEpoch: -1 };
          seen.add(partition!);
          return lookUp(partition!, timestamp);
        }),
      };
    });
    exchange.respond({ throttleTimeMs: 0, topics });
  },
};

function lookUp(partition: Partition, timestamp: number): PartitionAnswer {
  const { index: partitionIndex, leaderEpoch } = partition;
  try {
    const found = find(partition, timestamp);
    return { partitionIndex, errorCode: 0, ...found, leaderEpoch: found.offset === -1 ? -1 : leaderEpoch };
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { partitionIndex, errorCode: error.code ?? KAFKA_STORAGE_ERROR, ...NOT_FOUND, leaderEpoch: -1 };
  }
}

function find(partition: Partition, timestamp: number): { offset: number; timestamp: number } {
  switch (timestamp) {
    case LATEST:
      return { offset: partition.highWatermark, timestamp: -1 };
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { offset: partition.startOffset, timestamp: -1 };
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return NOT_FOUND;
    default: {
      const found =
        timestamp === MAX_TIMESTAMP
          ? partition.maxTimestampOffset()
          : partition.offsetForTimestamp(timestamp);
      return found === null ? NOT_FOUND : { offset: found.offset, timestamp: found.timestampMs };
    }
  }
}
