import type { Api } from './api.ts';
import { apiVersionsApi } from './messages/api-versions.ts';
import { metadataApi } from './messages/metadata.ts';
import { produceApi } from './messages/produce.ts';

/** Every API declared, in the order of keys. */
export const APIS: readonly Api<unknown, unknown>[] = [produceApi, metadataApi, apiVersionsApi];

const BY_KEY = new Map(APIS.map((api) => [api.key, api]));

export function apiByKey(key: number): Api<unknown, unknown> | undefined {
  return BY_KEY.get(key);
}
