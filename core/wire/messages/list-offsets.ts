import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, int8, int16, int32, int64, string } from '../schema.ts';

/** Timestamps that ask for a place in the log instead of a time. */
export const LATEST_TIMESTAMP = -1;
export const EARLIEST_TIMESTAMP = -2;
/** From version 7 (KIP-734): the offset of the record with the largest timestamp. */
export const MAX_TIMESTAMP = -3;

/**
 * ListOffsets (key 2), versions 1 to 11: the first offset at or after a timestamp, or a special place of the log.
 * Versions 8, 9 and 11 add special timestamps for tiered storage, 10 a time-out.
 */
const request = {
  replicaId: int32('0+', { default: -1 }),
  isolationLevel: int8('2+'),
  topics: array('0+', {
    name: string('0+'),
    partitions: array('0+', {
      partitionIndex: int32('0+'),
      currentLeaderEpoch: int32('4+', { default: -1, ignorable: true }),
      timestamp: int64('0+'),
    }),
  }),
  timeoutMs: int32('10+', { ignorable: true }),
};

const response = {
  throttleTimeMs: int32('2+', { ignorable: true }),
  topics: array('0+', {
    name: string('0+'),
    partitions: array('0+', {
      partitionIndex: int32('0+'),
      errorCode: int16('0+'),
      timestamp: int64('1+', { default: -1 }),
      offset: int64('1+', { default: -1 }),
      leaderEpoch: int32('4+', { default: -1, ignorable: true }),
    }),
  }),
};

export type ListOffsetsRequest = Decoded<typeof request>;
export type ListOffsetsResponse = Decoded<typeof response>;

export const listOffsetsApi = defineApi({
  key: 2,
  name: 'ListOffsets',
  versions: [1, 11],
  flexibleFrom: 6,
  request,
  response,
});
