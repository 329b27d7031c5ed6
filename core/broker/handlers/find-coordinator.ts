/**
 * FindCoordinator, key 10, v0-6. There are no groups, so every key is answered with COORDINATOR_NOT_AVAILABLE; and no
 * transactions, which is told with TRANSACTIONAL_ID_AUTHORIZATION_FAILED: clients look for the coordinator of their
 * transactional id again and again otherwise, and say nothing for a minute. It is served all the same, because librdkafka takes its presence as the sign of a broker
 * that knows lz4, and otherwise stores such batches uncompressed without a word.
 */
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinatorApi,
} from '../../wire/messages/find-coordinator.ts';
import type { ApiHandler } from '../api-handler.ts';
import { errorCode } from '../error-code.ts';

const TRANSACTION = 1;
const NOWHERE = { nodeId: -1, host: '', port: -1 };
const NO_GROUPS = {
  ...NOWHERE,
  errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'),
  errorMessage: 'this cluster coordinates no groups',
};
const NO_TRANSACTIONS = {
  ...NOWHERE,
  errorCode: errorCode('TRANSACTIONAL_ID_AUTHORIZATION_FAILED'),
  errorMessage: 'this cluster serves no transactions: leave transactional.id out',
};

export const findCoordinatorHandler: ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse> = {
  api: findCoordinatorApi,
  handle(request, exchange) {
    const answer = request.keyType === TRANSACTION ? NO_TRANSACTIONS : NO_GROUPS;
    const coordinators = request.coordinatorKeys.map((key) => ({ key, ...answer }));
    exchange.respond({ throttleTimeMs: 0, ...answer, coordinators });
  },
};
