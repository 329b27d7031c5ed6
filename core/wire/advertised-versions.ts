import type { Api } from './api.ts';
import { encodeResponse } from './framing.ts';
import { apiVersionsApi } from './messages/api-versions.ts';

const UNSUPPORTED_VERSION = 35;

export interface ApiVersionRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** The entries of an ApiVersions response for the APIs that a broker serves. */
export function advertisedVersions(
  apis: readonly Pick<Api<unknown, unknown>, 'key' | 'minVersion' | 'maxVersion' | 'advertisedMinVersion'>[],
): ApiVersionRange[] {
  return apis.map((api) => ({
    apiKey: api.key,
    minVersion: api.advertisedMinVersion ?? api.minVersion,
    maxVersion: api.maxVersion,
  }));
}

/** The frame that answers an ApiVersions request of a version not spoken here (KIP-511). */
export function encodeUnsupportedApiVersions(correlationId: number): Uint8Array[] {
  return encodeResponse(apiVersionsApi, 0, correlationId, {
    errorCode: UNSUPPORTED_VERSION,
    apiKeys: advertisedVersions([apiVersionsApi]),
  });
}
