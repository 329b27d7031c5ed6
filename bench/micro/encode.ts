import { BatchBuilder } from '../../core/record/batch-builder.ts';
import { crc32c } from '../../core/record/crc32c.ts';
import type { RecordData, RecordHeader } from '../../core/record/types.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, SAMPLE_TIMESTAMP_MS, sampleKeys, sampleValues } from './sample-data.ts';

const RECORDS = 500;
const DISTINCT = 64;
const TAIL_BYTES = 1024;

interface Shape {
  readonly name: string;
  readonly valueBytes: number;
  readonly key: (index: number) => RecordData;
  readonly value: (value: Buffer) => RecordData;
  readonly headers: readonly RecordHeader[] | null;
}

const KEYS = sampleKeys(DISTINCT);
const TEXT_KEYS = KEYS.map((key) => key.toString('latin1'));
const HEADERS: readonly RecordHeader[] = [
  { key: 'trace', value: Buffer.from('4bf92f3577b34da6') },
  { key: 'source', value: 'checkout' },
];

const noKey = (): null => null;
const bytesKey = (index: number): Buffer => KEYS[index % DISTINCT]!;
const textKey = (index: number): string => TEXT_KEYS[index % DISTINCT]!;
const asBytes = (value: Buffer): Buffer => value;
const asText = (value: Buffer): string => value.toString('latin1');

const SHAPES: readonly Shape[] = [
  { name: '100B', valueBytes: 100, key: noKey, value: asBytes, headers: null },
  { name: '100B-key', valueBytes: 100, key: bytesKey, value: asBytes, headers: null },
  { name: '100B-text', valueBytes: 100, key: noKey, value: asText, headers: null },
  { name: '100B-text-key', valueBytes: 100, key: textKey, value: asText, headers: null },
  { name: '100B-key-2-headers', valueBytes: 100, key: bytesKey, value: asBytes, headers: HEADERS },
  { name: '1KiB-key', valueBytes: 1024, key: bytesKey, value: asBytes, headers: null },
];

/** Appending records to a batch's buffer, without sealing it. */
export function encodeBenchmarks(): MicroBenchmark[] {
  return SHAPES.map((shape) => ({
    name: `encode/${shape.name}`,
    unit: 'ns/record',
    opsPerRun: RECORDS,
    bytesPerOp: shape.valueBytes,
    budgetNs: null,
    prepare: () => ({ run: encoder(shape) }),
  }));
}

function encoder(shape: Shape): () => number {
  const keys = Array.from({ length: DISTINCT }, (_, index) => shape.key(index));
  const values = sampleValues(DISTINCT, shape.valueBytes).map(shape.value);
  const { headers } = shape;
  const buffer = Buffer.alloc(RECORDS * (shape.valueBytes + 120));
  const builder = new BatchBuilder();
  return () => {
    builder.reset(buffer);
    for (let index = 0; index < RECORDS; index++) {
      const which = index % DISTINCT;
      builder.append(SAMPLE_TIMESTAMP_MS + (index >> 4), keys[which]!, values[which]!, headers);
    }
    // The tail only: a CRC of all would cost half as much as the encoding.
    return foldHash(builder.sizeBytes, crc32c(buffer, builder.sizeBytes - TAIL_BYTES, builder.sizeBytes));
  };
}
