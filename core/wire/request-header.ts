import { TidemarkError } from '../base/errors.ts';
import { BodyReader } from './body-reader.ts';
import { apiByKey } from './registry.ts';

const reader = new BodyReader();

export interface RequestHeader {
  apiKey: number;
  apiVersion: number;
  correlationId: number;
  clientId: string | null;
  /** Where the body begins in the frame; meaningful only when API and version are spoken here. */
  bodyOffset: number;
}

/**
 * The header of a request frame (without the length): v2, with tagged fields, where the version of the API is
 * flexible, else v1. Of an unknown API or version the classic part is read, which every version shares.
 * Throws PROTOCOL.
 */
export function decodeRequestHeader(frame: Buffer): RequestHeader {
  try {
    reader.reset(frame, 0);
    const apiKey = reader.int16();
    const apiVersion = reader.int16();
    const correlationId = reader.int32();
    const clientId = reader.nullableString();
    const api = apiByKey(apiKey);
    const isSpoken = api !== undefined && apiVersion >= api.minVersion && apiVersion <= api.maxVersion;
    if (isSpoken && apiVersion >= api.flexibleFrom) reader.skipTags();
    return { apiKey, apiVersion, correlationId, clientId, bodyOffset: reader.position };
  } catch (error) {
    if (error instanceof TidemarkError)
      throw new TidemarkError('PROTOCOL', `request header: ${error.message}`);
    throw error;
  } finally {
    reader.release();
  }
}
