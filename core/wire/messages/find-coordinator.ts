import { defineApi } from '../api.ts';
import type { Decoded } from '../schema.ts';
import { array, arrayOf, int8, int16, int32, string } from '../schema.ts';

/**
 * FindCoordinator (key 10), versions 0 to 6: the broker that coordinates a group (type 0), a transaction (1, from
 * version 1) or a share group (2, from version 6). From version 4 several keys are asked for at once (KIP-699).
 */
const request = {
  key: string('0-3'),
  keyType: int8('1+'),
  coordinatorKeys: arrayOf('string', '4+'),
};

const response = {
  throttleTimeMs: int32('1+', { ignorable: true }),
  errorCode: int16('0-3', { ignorable: true }),
  errorMessage: string('1-3', { nullable: '1-3', default: null, ignorable: true }),
  nodeId: int32('0-3', { ignorable: true }),
  host: string('0-3', { ignorable: true }),
  port: int32('0-3', { ignorable: true }),
  coordinators: array(
    '4+',
    {
      key: string('4+'),
      nodeId: int32('4+'),
      host: string('4+'),
      port: int32('4+'),
      errorCode: int16('4+'),
      errorMessage: string('4+', { nullable: '4+', default: null }),
    },
    { ignorable: true },
  ),
};

export type FindCoordinatorRequest = Decoded<typeof request>;
export type FindCoordinatorResponse = Decoded<typeof response>;

export const findCoordinatorApi = defineApi({
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 6],
  flexibleFrom: 3,
  request,
  response,
});
