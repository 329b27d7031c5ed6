/** A header as the application gives it; the value may be null. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | string | null;
}

/** Bytes, text (written as UTF-8), or null. */
export type RecordData = Uint8Array | string | null;

/** Codec ids of the record batch's attributes, bits 0 to 2. */
export const COMPRESSION_TYPES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionType = (typeof COMPRESSION_TYPES)[number];
