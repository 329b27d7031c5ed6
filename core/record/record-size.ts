import type { RecordData, RecordHeader } from './types.ts';
import { varintSizeBytes, varlongSizeBytes } from './varint.ts';

/** Length (5), attributes (1), timestamp delta (10) and offset delta (5) at their longest, as in DefaultRecord. */
export const MAX_RECORD_OVERHEAD_BYTES = 21;

/** Bytes that a key or value takes, -1 for null, as its length field says. */
export function dataSizeBytes(data: RecordData): number {
  if (data === null) return -1;
  return typeof data === 'string' ? Buffer.byteLength(data) : data.length;
}

/** The header count and the headers themselves. */
export function headersSizeBytes(headers: readonly RecordHeader[] | null): number {
  if (headers === null) return 1;
  let size = varintSizeBytes(headers.length);
  for (let index = 0; index < headers.length; index++) {
    const header = headers[index]!;
    const keyBytes = Buffer.byteLength(header.key);
    const valueBytes = dataSizeBytes(header.value);
    size += varintSizeBytes(keyBytes) + keyBytes + varintSizeBytes(valueBytes) + Math.max(valueBytes, 0);
  }
  return size;
}

/**
 * What a record takes at most, whatever its place in the batch: the bound that Kafka's producer compares with
 * max.request.size and buffer.memory, there with the 61 bytes of a batch header added
 * (AbstractRecords.estimateSizeInBytesUpperBound).
 */
export function recordSizeUpperBound(
  key: RecordData,
  value: RecordData,
  headers: readonly RecordHeader[] | null,
): number {
  const keyBytes = dataSizeBytes(key);
  const valueBytes = dataSizeBytes(value);
  return (
    MAX_RECORD_OVERHEAD_BYTES +
    varintSizeBytes(keyBytes) +
    Math.max(keyBytes, 0) +
    varintSizeBytes(valueBytes) +
    Math.max(valueBytes, 0) +
    headersSizeBytes(headers)
  );
}

/**
 * A looser bound that does not walk text: three bytes per UTF-16 unit. Cheap enough for every record; only
 * what exceeds a limit by it needs the tight one. NaN for what is neither bytes nor text.
 */
export function recordSizeLooseBound(
  key: RecordData,
  value: RecordData,
  headers: readonly RecordHeader[] | null,
): number {
  let size = MAX_RECORD_OVERHEAD_BYTES + 15 + looseBytes(key) + looseBytes(value);
  if (headers !== null) {
    for (let index = 0; index < headers.length; index++) {
      const header = headers[index]!;
      size += 10 + (typeof header.key === 'string' ? header.key.length * 3 : Number.NaN);
      size += looseBytes(header.value);
    }
  }
  return size;
}

function looseBytes(data: RecordData): number {
  if (data === null) return 0;
  if (typeof data === 'string') return data.length * 3;
  // Unlike in arrays and wider typed arrays, in bytes the two are the same.
  return data.length === data.byteLength ? data.length : Number.NaN;
}

/** Everything of a record after its length, but for the headers. A size of -1 stands for null. */
export function bodySizeBytes(
  timestampDelta: number,
  offsetDelta: number,
  keyBytes: number,
  valueBytes: number,
): number {
  return (
    1 +
    varlongSizeBytes(timestampDelta) +
    varintSizeBytes(offsetDelta) +
    varintSizeBytes(keyBytes) +
    Math.max(keyBytes, 0) +
    varintSizeBytes(valueBytes) +
    Math.max(valueBytes, 0)
  );
}
