import { BatchBuilder } from '../../core/record/batch-builder.ts';
import { validateBatchFromProducer } from '../../core/record/batch-validation.ts';
import { BatchView } from '../../core/record/batch-view.ts';
import { RecordCursor } from '../../core/record/record-cursor.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, HASH_START, SAMPLE_TIMESTAMP_MS, sampleKeys, sampleValues } from './sample-data.ts';

const RECORDS = 500;
const VALUE_BYTES = 100;

/** What the broker and the reader pay per record of an uncompressed batch. */
export function readBenchmarks(): MicroBenchmark[] {
  const shape = { unit: 'ns/record', opsPerRun: RECORDS, bytesPerOp: VALUE_BYTES, budgetNs: null } as const;
  return [
    { ...shape, name: 'read/validate-100B', prepare: () => ({ run: validator(sampleBatch()) }) },
    { ...shape, name: 'read/walk-100B', prepare: () => ({ run: walker(sampleBatch()) }) },
  ];
}

function sampleBatch(): Buffer {
  const values = sampleValues(RECORDS, VALUE_BYTES);
  const keys = sampleKeys(RECORDS);
  const builder = new BatchBuilder();
  builder.reset(Buffer.alloc(RECORDS * (VALUE_BYTES + 60)));
  for (let index = 0; index < RECORDS; index++) {
    builder.append(SAMPLE_TIMESTAMP_MS + index, keys[index]!, values[index]!, null);
  }
  return builder.seal({ compression: 'none', level: null });
}

/** CRC and framing of every record, as before an append. */
function validator(batch: Buffer): () => number {
  const { crc } = new BatchView(batch);
  return () => {
    const problem = validateBatchFromProducer(batch);
    if (problem !== null) throw new Error(`the sample batch is refused: ${problem}`);
    return crc;
  };
}

/** Positions of keys and values, without making views of them. */
function walker(batch: Buffer): () => number {
  const view = new BatchView(batch);
  const cursor = new RecordCursor();
  return () => {
    let hash = HASH_START;
    cursor.reset(view);
    while (cursor.next()) hash = foldHash(hash, cursor.offset ^ cursor.keyStart ^ (cursor.valueLength << 8));
    return hash;
  };
}
