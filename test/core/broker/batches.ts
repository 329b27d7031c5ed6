import { BatchBuilder } from '../../../core/record/batch-builder.ts';
import { crc32c } from '../../../core/record/crc32c.ts';
import type { CompressionType } from '../../../core/record/types.ts';

/** A sealed batch of these values, without keys, the timestamps going up by one from `timestampMs`. */
export function batchOf(
  values: readonly string[],
  options: { compression?: CompressionType; timestampMs?: number; producerId?: number } = {},
): Buffer {
  const builder = new BatchBuilder();
  builder.reset(Buffer.alloc(64 + values.reduce((sum, value) => sum + value.length * 3 + 40, 0)));
  const timestampMs = options.timestampMs ?? 1_700_000_000_000;
  for (const [index, value] of values.entries()) builder.append(timestampMs + index, null, value, null);
  const { producerId } = options;
  const sealed = builder.seal({
    compression: options.compression ?? 'none',
    level: null,
    ...(producerId === undefined ? {} : { producerId, producerEpoch: 0, baseSequence: 0 }),
  });
  return Buffer.from(sealed);
}

/** A copy with `change` made to it and the CRC made right again. */
export function altered(batch: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(batch);
  change(copy);
  copy.writeUInt32BE(crc32c(copy, 21, copy.length), 17);
  return copy;
}
