import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, arrayOf, bool, int16, int32, string, uuid } from '../schema.ts';

/** Authorized operations when they were not asked for. */
export const NO_AUTHORIZED_OPERATIONS = -0x8000_0000;

/**
 * Metadata (key 3), versions 0 to 13: brokers, and topics with their partitions. A null list of topics asks for
 * all from version 1 (in 0 an empty one does). Topic ids come from 10 and may be asked for from 12; 13 adds an
 * error for the whole response.
 */
const request = {
  topics: array(
    '0+',
    {
      topicId: uuid('10+', { ignorable: true }),
      name: string('0+', { nullable: '10+' }),
    },
    { nullable: '1+' },
  ),
  allowAutoTopicCreation: bool('4+', { default: true }),
  includeClusterAuthorizedOperations: bool('8-10'),
  includeTopicAuthorizedOperations: bool('8+'),
};

const response = {
  throttleTimeMs: int32('3+', { ignorable: true }),
  brokers: array('0+', {
    nodeId: int32('0+'),
    host: string('0+'),
    port: int32('0+'),
    rack: string('1+', { nullable: '1+', default: null, ignorable: true }),
  }),
  clusterId: string('2+', { nullable: '2+', default: null, ignorable: true }),
  controllerId: int32('1+', { default: -1, ignorable: true }),
  topics: array('0+', {
    errorCode: int16('0+'),
    name: string('0+', { nullable: '12+' }),
    topicId: uuid('10+', { ignorable: true }),
    isInternal: bool('1+', { ignorable: true }),
    partitions: array('0+', {
      errorCode: int16('0+'),
      partitionIndex: int32('0+'),
      leaderId: int32('0+'),
      leaderEpoch: int32('7+', { default: -1, ignorable: true }),
      replicaNodes: arrayOf('int32', '0+'),
      isrNodes: arrayOf('int32', '0+'),
      offlineReplicas: arrayOf('int32', '5+', { ignorable: true }),
    }),
    topicAuthorizedOperations: int32('8+', { default: NO_AUTHORIZED_OPERATIONS }),
  }),
  clusterAuthorizedOperations: int32('8-10', { default: NO_AUTHORIZED_OPERATIONS }),
  errorCode: int16('13+', { ignorable: true }),
};

export type MetadataRequest = Decoded<typeof request>;
export type MetadataResponse = Decoded<typeof response>;

export const metadataApi = defineApi({
  key: 3,
  name: 'Metadata',
  versions: [0, 13],
  flexibleFrom: 9,
  request,
  response,
});
