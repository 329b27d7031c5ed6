import { encodeUnsupportedApiVersions } from '../wire/advertised-versions.ts';
import type { Api } from '../wire/api.ts';
import { decodeRequest } from '../wire/framing.ts';
import { apiVersionsApi } from '../wire/messages/api-versions.ts';
import { decodeRequestHeader } from '../wire/request-header.ts';
import type { AnyApiHandler } from './api-handler.ts';

/** Key, version and correlation id stand at the same place in every version of the request header. */
const FIXED_HEADER_BYTES = 8;

/** What a frame turned out to be. */
export type Incoming =
  | IncomingRequest
  /** The connection must be closed. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Answered without a handler. */
  | { readonly kind: 'answered'; readonly response: readonly Uint8Array[] };

export interface IncomingRequest {
  readonly kind: 'request';
  readonly handler: AnyApiHandler;
  readonly api: Api<unknown, unknown>;
  readonly version: number;
  readonly clientId: string | null;
  readonly correlationId: number;
  readonly bodyOffset: number;
}

/**
 * Reads a request's header. An unsupported key or version closes the connection, as in Kafka, except that an
 * unknown ApiVersions version is answered in version 0 with UNSUPPORTED_VERSION, so that a newer client learns
 * what it may ask. Throws a TidemarkError of kind PROTOCOL for a header that cannot be read.
 */
export function decodeIncoming(frame: Buffer, handlers: ReadonlyMap<number, AnyApiHandler>): Incoming {
  if (frame.length < FIXED_HEADER_BYTES) {
    return { kind: 'refused', reason: `a request of ${frame.length} bytes has no whole header` };
  }
  const key = frame.readInt16BE(0);
  const version = frame.readInt16BE(2);
  const handler = handlers.get(key);
  if (handler === undefined) return { kind: 'refused', reason: `the API key ${key} is not served` };
  const { api } = handler;
  if (version < api.minVersion || version > api.maxVersion) {
    if (key === apiVersionsApi.key) {
      return { kind: 'answered', response: encodeUnsupportedApiVersions(frame.readInt32BE(4)) };
    }
    return {
      kind: 'refused',
      reason: `${api.name} v${version} is not served (v${api.minVersion} to v${api.maxVersion} are)`,
    };
  }
  const { clientId, correlationId, bodyOffset } = decodeRequestHeader(frame);
  return { kind: 'request', handler, api, version, clientId, correlationId, bodyOffset };
}

export function decodeBody(incoming: IncomingRequest, frame: Buffer): unknown {
  return decodeRequest(incoming.api, incoming.version, frame, incoming.bodyOffset);
}
