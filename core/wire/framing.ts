import { TidemarkError } from '../base/errors.ts';
import type { Api } from './api.ts';
import { BodyReader } from './body-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import type { Draft } from './schema.ts';

/*
 * Encoding is synchronous and never re-entered, so one writer and one reader serve the whole thread.
 *
 *   request  = length i32 | api key i16 | version i16 | correlation id i32 | client id nullable string
 *              | tagged fields (flexible versions) | body
 *   response = length i32 | correlation id i32 | tagged fields (flexible, but ApiVersions never) | body
 *
 * The client id is a classic string in flexible headers too.
 */
const writer = new FrameWriter();
const reader = new BodyReader();

export interface RequestIdentity {
  readonly correlationId: number;
  readonly clientId: string | null;
}

export interface DecodedResponse<Res> {
  correlationId: number;
  body: Res;
}

/**
 * The frame of a request, its 4-byte length first, as chunks to be written in order. Batches of `records`
 * are among them by reference and must not change until written. Throws UNSUPPORTED_VERSION for a field
 * that the version cannot carry, SERIALIZATION for a value that its type cannot.
 */
export function encodeRequest<Req, Res>(
  api: Api<Req, Res>,
  version: number,
  identity: RequestIdentity,
  body: NoInfer<Draft<Req>>,
): Uint8Array[] {
  const codec = api.requestCodec(version);
  writer.begin();
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(identity.correlationId);
  if (identity.clientId === null) writer.int16(-1);
  else writer.string(identity.clientId);
  if (version >= api.flexibleFrom) writer.unsignedVarint(0);
  codec.encode(writer, body);
  return writer.finish();
}

/** The frame of a response, as encodeRequest. */
export function encodeResponse<Req, Res>(
  api: Api<Req, Res>,
  version: number,
  correlationId: number,
  body: NoInfer<Draft<Res>>,
): Uint8Array[] {
  const codec = api.responseCodec(version);
  writer.begin();
  writer.int32(correlationId);
  if (api.responseHeaderVersion(version) === 1) writer.unsignedVarint(0);
  codec.encode(writer, body);
  return writer.finish();
}

/**
 * The body of a request frame (without the length), from decodeRequestHeader's `bodyOffset` on. `records` are
 * views of the frame. Bytes after the body are ignored, as Kafka does. Throws PROTOCOL.
 */
export function decodeRequest<Req, Res>(
  api: Api<Req, Res>,
  version: number,
  frame: Buffer,
  bodyOffset: number,
): Req {
  const codec = api.requestCodec(version);
  if (bodyOffset > frame.length) throw new TidemarkError('PROTOCOL', `${api.name} request without a body`);
  try {
    return codec.decode(reader.reset(frame, bodyOffset));
  } catch (error) {
    throw inContext(error, `${api.name} v${version} request`);
  } finally {
    reader.release();
  }
}

/**
 * Correlation id and body of a response frame (without the length). Throws PROTOCOL, also for bytes after the body:
 * the other side wrote another version than was asked for, and what was read may mean something else.
 */
export function decodeResponse<Req, Res>(
  api: Api<Req, Res>,
  version: number,
  frame: Buffer,
): DecodedResponse<Res> {
  const codec = api.responseCodec(version);
  try {
    reader.reset(frame, 0);
    const correlationId = reader.int32();
    if (api.responseHeaderVersion(version) === 1) reader.skipTags();
    const body = codec.decode(reader);
    const leftBytes = reader.end - reader.position;
    if (leftBytes > 0) throw new TidemarkError('PROTOCOL', `${leftBytes} bytes after the body`);
    return { correlationId, body };
  } catch (error) {
    throw inContext(error, `${api.name} v${version} response`);
  } finally {
    reader.release();
  }
}

/** The correlation id alone, to find out which API and version a response frame belongs to. Throws PROTOCOL. */
export function correlationIdOf(frame: Buffer): number {
  if (frame.length < 4)
    throw new TidemarkError('PROTOCOL', `a response of ${frame.length} bytes has no header`);
  return frame.readInt32BE(0);
}

function inContext(error: unknown, what: string): unknown {
  if (!(error instanceof TidemarkError) || error.kind !== 'PROTOCOL') return error;
  return new TidemarkError('PROTOCOL', `${what}: ${error.message}`);
}
