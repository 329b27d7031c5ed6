/**
 * FindCoordinator, key 10, v0-6. There are no groups and no transactions, so every key is answered with
 * COORDINATOR_NOT_AVAILABLE. It is served all the same, because librdkafka takes its presence as the sign of a broker
 * that knows lz4, and otherwise stores such batches uncompressed without a word.
 */
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinatorApi,
} from '../../wire/messages/find-coordinator.ts';
import type { ApiHandler } from '../api-handler.ts';
import { errorCode } from '../error-code.ts';

const NOWHERE = {
  errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'),
  errorMessage: 'this cluster coordinates no groups and no transactions',
  nodeId: -1,
  host: '',
  port: -1,
};

export const findCoordinatorHandler: ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse> = {
  api: findCoordinatorApi,
  handle(request, exchange) {
    const coordinators = request.coordinatorKeys.map((key) => ({ key, ...NOWHERE }));
    exchange.respond({ throttleTimeMs: 0, ...NOWHERE, coordinators });
  },
};
