import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { int16, int32, int64, string } from '../schema.ts';

/**
 * InitProducerId (key 22), versions 0 to 5: gives a producer its id and epoch. From version 3 an idempotent producer
 * names what it has to get the next epoch (KIP-360); -1 asks for a new id. Kafka also takes 0 and 0 (platformatic
 * sends it) for a null transactional id.
 */
const request = {
  transactionalId: string('0+', { nullable: '0+', default: null }),
  transactionTimeoutMs: int32('0+'),
  producerId: int64('3+', { default: -1 }),
  producerEpoch: int16('3+', { default: -1 }),
};

const response = {
  throttleTimeMs: int32('0+', { ignorable: true }),
  errorCode: int16('0+'),
  producerId: int64('0+', { default: -1 }),
  producerEpoch: int16('0+'),
};

export type InitProducerIdRequest = Decoded<typeof request>;
export type InitProducerIdResponse = Decoded<typeof response>;

export const initProducerIdApi = defineApi({
  key: 22,
  name: 'InitProducerId',
  versions: [0, 5],
  flexibleFrom: 2,
  request,
  response,
});
