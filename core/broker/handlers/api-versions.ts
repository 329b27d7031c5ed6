/**
 * ApiVersions, key 18, v0-4. Advertises exactly what is served, except that Produce claims v0 as its minimum
 * (KAFKA-18659): librdkafka stops compressing otherwise; Produce v0-2 are refused when sent. The response header is
 * always v0 (the wire knows), and an unknown version is answered in v0 with UNSUPPORTED_VERSION and one entry.
 */
import { advertisedVersions } from '../../wire/advertised-versions.ts';
import {
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  apiVersionsApi,
} from '../../wire/messages/api-versions.ts';
import type { AnyApiHandler, ApiHandler } from '../api-handler.ts';

export function createApiVersionsHandler(
  served: () => Iterable<AnyApiHandler>,
): ApiHandler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    api: apiVersionsApi,
    handle(_request, exchange) {
      const apis = Array.from(served(), (handler) => handler.api).sort((left, right) => left.key - right.key);
      const apiKeys = advertisedVersions(apis);
      exchange.respond({ errorCode: 0, apiKeys, throttleTimeMs: 0 });
    },
  };
}
