import type { Api } from './api.ts';
import { apiVersionsApi } from './messages/api-versions.ts';
import { createTopicsApi } from './messages/create-topics.ts';
import { deleteTopicsApi } from './messages/delete-topics.ts';
import { describeConfigsApi } from './messages/describe-configs.ts';
import { fetchApi } from './messages/fetch.ts';
import { findCoordinatorApi } from './messages/find-coordinator.ts';
import { initProducerIdApi } from './messages/init-producer-id.ts';
import { listOffsetsApi } from './messages/list-offsets.ts';
import { metadataApi } from './messages/metadata.ts';
import { produceApi } from './messages/produce.ts';
import { saslAuthenticateApi } from './messages/sasl-authenticate.ts';
import { saslHandshakeApi } from './messages/sasl-handshake.ts';

/** Every API declared, in the order of keys. */
export const APIS: readonly Api<unknown, unknown>[] = [
  produceApi,
  fetchApi,
  listOffsetsApi,
  metadataApi,
  findCoordinatorApi,
  saslHandshakeApi,
  apiVersionsApi,
  createTopicsApi,
  deleteTopicsApi,
  initProducerIdApi,
  describeConfigsApi,
  saslAuthenticateApi,
];

const BY_KEY = new Map(APIS.map((api) => [api.key, api]));

export function apiByKey(key: number): Api<unknown, unknown> | undefined {
  return BY_KEY.get(key);
}
