import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, int16, int32, int64, records, string, struct, uuid } from '../schema.ts';

/**
 * Produce (key 0), versions 3 to 13: appends batches to partitions. Topics go by name up to version 12 and by
 * id from 13 (KIP-516); zstd needs 7; errors of single records come from 8 (KIP-467), the current leader with
 * its endpoint from 10 (KIP-951). Version 0 is advertised though versions below 3 are refused: without it
 * librdkafka stops compressing (KAFKA-18659). Leaders and endpoints are ignorable here, unlike in Kafka, so that a
 * broker need not look at the version.
 */
const request = {
  transactionalId: string('3+', { nullable: '3+', default: null }),
  acks: int16('0+'),
  timeoutMs: int32('0+'),
  topicData: array('0+', {
    name: string('0-12', { ignorable: true }),
    topicId: uuid('13+', { ignorable: true }),
    partitionData: array('0+', {
      index: int32('0+'),
      records: records('0+', { nullable: '0+' }),
    }),
  }),
};

const response = {
  responses: array('0+', {
    name: string('0-12', { ignorable: true }),
    topicId: uuid('13+', { ignorable: true }),
    partitionResponses: array('0+', {
      index: int32('0+'),
      errorCode: int16('0+'),
      baseOffset: int64('0+'),
      logAppendTimeMs: int64('2+', { default: -1, ignorable: true }),
      logStartOffset: int64('5+', { default: -1, ignorable: true }),
      recordErrors: array(
        '8+',
        {
          batchIndex: int32('8+'),
          batchIndexErrorMessage: string('8+', { nullable: '8+', default: null }),
        },
        { ignorable: true },
      ),
      errorMessage: string('8+', { nullable: '8+', default: null, ignorable: true }),
      currentLeader: struct(
        '10+',
        { leaderId: int32('10+', { default: -1 }), leaderEpoch: int32('10+', { default: -1 }) },
        { tag: 0, ignorable: true },
      ),
    }),
  }),
  throttleTimeMs: int32('1+', { ignorable: true }),
  nodeEndpoints: array(
    '10+',
    {
      nodeId: int32('10+'),
      host: string('10+'),
      port: int32('10+'),
      rack: string('10+', { nullable: '10+', default: null }),
    },
    { tag: 0, ignorable: true },
  ),
};

export type ProduceRequest = Decoded<typeof request>;
export type ProduceResponse = Decoded<typeof response>;

export const produceApi = defineApi({
  key: 0,
  name: 'Produce',
  versions: [3, 13],
  advertisedMinVersion: 0,
  flexibleFrom: 9,
  request,
  response,
});
