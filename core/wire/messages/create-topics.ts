import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, arrayOf, bool, int8, int16, int32, string, uuid } from '../schema.ts';

/**
 * CreateTopics (key 19), versions 2 to 7. -1 partitions or replicas ask for the broker's default (from 4,
 * KIP-464); the response tells the topic's configs from 5 (KIP-525) and its id from 7.
 */
const request = {
  topics: array('0+', {
    name: string('0+'),
    numPartitions: int32('0+'),
    replicationFactor: int16('0+'),
    assignments: array('0+', { partitionIndex: int32('0+'), brokerIds: arrayOf('int32', '0+') }),
    configs: array('0+', { name: string('0+'), value: string('0+', { nullable: '0+' }) }),
  }),
  timeoutMs: int32('0+', { default: 60000 }),
  validateOnly: bool('1+'),
};

const response = {
  throttleTimeMs: int32('2+', { ignorable: true }),
  topics: array('0+', {
    name: string('0+'),
    topicId: uuid('7+', { ignorable: true }),
    errorCode: int16('0+'),
    errorMessage: string('1+', { nullable: '0+', default: null, ignorable: true }),
    topicConfigErrorCode: int16('5+', { tag: 0, ignorable: true }),
    numPartitions: int32('5+', { default: -1, ignorable: true }),
    replicationFactor: int16('5+', { default: -1, ignorable: true }),
    configs: array(
      '5+',
      {
        name: string('5+'),
        value: string('5+', { nullable: '5+' }),
        readOnly: bool('5+'),
        configSource: int8('5+', { default: -1, ignorable: true }),
        isSensitive: bool('5+'),
      },
      { nullable: '5+', ignorable: true },
    ),
  }),
};

export type CreateTopicsRequest = Decoded<typeof request>;
export type CreateTopicsResponse = Decoded<typeof response>;

export const createTopicsApi = defineApi({
  key: 19,
  name: 'CreateTopics',
  versions: [2, 7],
  flexibleFrom: 5,
  request,
  response,
});
