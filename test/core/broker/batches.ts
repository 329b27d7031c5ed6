import { BatchBuilder } from '../../../core/record/batch-builder.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { crc32c } from '../../../core/record/crc32c.ts';
import type { CompressionType } from '../../../core/record/types.ts';

/** A sealed batch of these values, without keys, the timestamps going up by one from `timestampMs`. */
export function batchOf(
  values: readonly string[],
  options: { compression?: CompressionType; timestampMs?: number } = {},
): Buffer {
  const builder = new BatchBuilder();
  builder.reset(Buffer.alloc(64 + values.reduce((sum, value) => sum + value.length * 3 + 40, 0)));
  const timestampMs = options.timestampMs ?? 1_700_000_000_000;
  for (const [index, value] of values.entries()) builder.append(timestampMs + index, null, value, null);
  return Buffer.from(builder.seal({ compression: options.compression ?? 'none', level: null }));
}

/** A producer's place in the sequence of a partition, as a batch carries it. */
export interface ProducerPlace {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** The values as an idempotent producer sends them, with any numbers at all. */
export function idempotentBatch(place: ProducerPlace, values: readonly string[]): Buffer {
  const batch = batchOf(values);
  BatchView.patchProducerState(batch, 0, place);
  return batch;
}

/** A copy with `change` made to it and the CRC made right again. */
export function altered(batch: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(batch);
  change(copy);
  copy.writeUInt32BE(crc32c(copy, 21, copy.length), 17);
  return copy;
}
