import { BatchBuilder } from '../../core/record/batch-builder.ts';
import { crc32c } from '../../core/record/crc32c.ts';
import { encodeRequest } from '../../core/wire/framing.ts';
import { produceApi } from '../../core/wire/messages/produce.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, HASH_START, SAMPLE_TIMESTAMP_MS, sampleValues } from './sample-data.ts';

const REQUESTS = 200;
const BATCHES = 4;
const RECORDS_PER_BATCH = 140;

/** A produce request of four sealed batches, which it carries by reference. */
export function requestBenchmarks(): MicroBenchmark[] {
  return [
    {
      name: 'request/produce-4-batches',
      unit: 'ns/op',
      opsPerRun: REQUESTS,
      bytesPerOp: null,
      budgetNs: null,
      prepare: () => ({ run: encoder(sealedBatches()) }),
    },
  ];
}

function sealedBatches(): Buffer[] {
  const values = sampleValues(BATCHES * RECORDS_PER_BATCH, 100);
  const builder = new BatchBuilder();
  return Array.from({ length: BATCHES }, (_, batch) => {
    builder.reset(Buffer.alloc(16_384));
    for (let index = 0; index < RECORDS_PER_BATCH; index++) {
      builder.append(SAMPLE_TIMESTAMP_MS, null, values[batch * RECORDS_PER_BATCH + index]!, null);
    }
    return builder.seal({ compression: 'none', level: null });
  });
}

function encoder(batches: readonly Buffer[]): () => number {
  const topicId = '0123456789abcdef0123456789abcdef';
  return () => {
    let hash = HASH_START;
    let chunks: Uint8Array[] = [];
    for (let correlationId = 0; correlationId < REQUESTS; correlationId++) {
      const partitionData = batches.map((batch, index) => ({ index, records: [batch] }));
      const identity = { correlationId, clientId: 'bench' };
      const body = { acks: 1, timeoutMs: 30_000, topicData: [{ topicId, partitionData }] };
      chunks = encodeRequest(produceApi, produceApi.maxVersion, identity, body);
      hash = foldHash(hash, chunks.length);
    }
    for (const chunk of chunks) hash = foldHash(hash, crc32c(chunk));
    return hash;
  };
}
