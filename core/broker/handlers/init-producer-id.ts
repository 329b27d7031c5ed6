/**
 * InitProducerId, key 22, v0-5, for idempotent producers: every request gets a new id with epoch 0, also one that names
 * the id and epoch it had, as Kafka does for a null transactional id (platformatic names 0 and 0). An id without epoch,
 * or the other way round, and an empty transactional id are INVALID_REQUEST. Transactions are not served: a
 * transactional id is refused with TRANSACTIONAL_ID_AUTHORIZATION_FAILED, the error that all clients take as final.
 */
import { TidemarkError } from '../../base/errors.ts';
import {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerIdApi,
} from '../../wire/messages/init-producer-id.ts';
import type { ApiHandler } from '../api-handler.ts';
import type { Broker } from '../broker.ts';
import { errorCode } from '../error-code.ts';
import { asStorageFailure } from '../storage-failure.ts';

const NONE = -1;
const INVALID_REQUEST = errorCode('INVALID_REQUEST');
const KAFKA_STORAGE_ERROR = errorCode('KAFKA_STORAGE_ERROR');
const TRANSACTIONAL_ID_AUTHORIZATION_FAILED = errorCode('TRANSACTIONAL_ID_AUTHORIZATION_FAILED');

export const initProducerIdHandler: ApiHandler<InitProducerIdRequest, InitProducerIdResponse> = {
  api: initProducerIdApi,
  handle(request, exchange) {
    exchange.respond({ throttleTimeMs: 0, ...answerTo(request, exchange.broker) });
  },
};

type Answer = Omit<InitProducerIdResponse, 'throttleTimeMs'>;

function answerTo(request: InitProducerIdRequest, broker: Broker): Answer {
  const { transactionalId, producerId, producerEpoch } = request;
  if ((producerId === NONE) !== (producerEpoch === NONE) || transactionalId === '') {
    return refusal(INVALID_REQUEST);
  }
  if (transactionalId !== null) return refusal(TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  try {
    const taken = asStorageFailure('no producer id can be given out', () =>
      broker.cluster.producerIds.take(),
    );
    return { errorCode: 0, producerId: taken, producerEpoch: 0 };
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return refusal(error.code ?? KAFKA_STORAGE_ERROR);
  }
}

function refusal(code: number): Answer {
  return { errorCode: code, producerId: NONE, producerEpoch: NONE };
}
