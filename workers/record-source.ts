import { SeededRandom } from '../core/base/random.ts';
import type { RecordHeader } from '../core/record/types.ts';
import { createJsonEvents } from './json-events.ts';
import { createKeyOrder, type KeyOrder } from './key-order.ts';
import { readPayloadFile } from './payload-file.ts';
import {
  STAMP_HEADER,
  STAMP_HEADER_BYTES,
  STAMP_TEXT_BYTES,
  writeBinaryStamp,
  writeTextStamp,
} from './record-stamp.ts';
import type { PayloadSpec, WorkloadSpec } from './trial-spec.ts';

const STREAM = { payload: 1, keys: 2 };
const JSON_STAMP_PREFIX = '{"stamp":"';

/** Payloads and keys made before the clock starts; one seed gives the same bytes in every thread and trial. */
export interface RecordPool {
  readonly payloads: readonly Buffer[];
  readonly keyOrder: KeyOrder;
  /** Where a value carries its stamp; -1 when a header does. */
  readonly stampOffset: number;
}

/** The record that a source hands out: one object, filled anew for each record. */
export interface SourceRecord {
  topic: string;
  key: Buffer | null;
  value: Buffer;
  headers: readonly RecordHeader[];
}

export function createRecordPool(workload: WorkloadSpec, seed: number): RecordPool {
  const inValue = workload.stamp === 'value';
  const payloads = createPayloads(workload.payload, seed);
  return {
    payloads: inValue ? payloads.map((bytes) => withStampRoom(bytes, workload.payload)) : payloads,
    keyOrder: createKeyOrder(workload.keys, new SeededRandom(seed, STREAM.keys)),
    stampOffset: inValue ? stampOffsetOf(workload.payload) : -1,
  };
}

let kept: { readonly description: string; readonly pool: RecordPool } | null = null;

/** Trials of one run send the same records: the pool that this thread made last is used again. */
export function keptRecordPool(workload: WorkloadSpec, seed: number): RecordPool {
  const description = JSON.stringify([workload.payload, workload.keys, workload.stamp, seed]);
  if (kept?.description !== description) kept = { description, pool: createRecordPool(workload, seed) };
  return kept.pool;
}

function createPayloads(spec: PayloadSpec, seed: number): Buffer[] {
  const random = new SeededRandom(seed, STREAM.payload);
  switch (spec.kind) {
    case 'json':
      return createJsonEvents(spec.poolSize, random);
    case 'fixed':
      return spec.randomShare === undefined
        ? createFixedSize(spec.sizeBytes, spec.poolSize, random)
        : createPartlyRandom(spec, spec.randomShare, random);
    case 'file':
      return readPayloadFile(spec.path, spec.delimiter);
  }
}

/** Text of the events, cut to size: a fixed size that compresses as real text does. */
function createFixedSize(sizeBytes: number, count: number, random: SeededRandom): Buffer[] {
  const text = Buffer.concat(createJsonEvents(Math.max(64, Math.ceil((sizeBytes * 64) / 300)), random));
  return Array.from({ length: count }, () => {
    const start = random.nextBelow(Math.max(1, text.length - sizeBytes));
    return Buffer.from(text.subarray(start, start + sizeBytes));
  });
}

/** Random bytes, then zeros: the share decides how far it compresses. */
function createPartlyRandom(
  { sizeBytes, poolSize }: Extract<PayloadSpec, { kind: 'fixed' }>,
  randomShare: number,
  random: SeededRandom,
): Buffer[] {
  const randomBytes = Math.floor(sizeBytes * randomShare);
  return Array.from({ length: poolSize }, () => {
    const payload = Buffer.alloc(sizeBytes);
    for (let at = 0; at < randomBytes; at++) payload[at] = random.nextUint32() & 0xff;
    return payload;
  });
}

function stampOffsetOf(spec: PayloadSpec): number {
  return spec.kind === 'json' ? JSON_STAMP_PREFIX.length : 0;
}

/** JSON stays JSON; other payloads get the stamp and a space before them. A fixed size stays the size it is. */
function withStampRoom(payload: Buffer, spec: PayloadSpec): Buffer {
  const blank = '0'.repeat(STAMP_TEXT_BYTES);
  if (spec.kind === 'json')
    return Buffer.concat([Buffer.from(`${JSON_STAMP_PREFIX}${blank}",`), payload.subarray(1)]);
  if (spec.kind === 'fixed' && payload.length >= STAMP_TEXT_BYTES) {
    const copy = Buffer.from(payload);
    copy.write(blank, 0, 'latin1');
    return copy;
  }
  return Buffer.concat([Buffer.from(`${blank} `), payload]);
}

/** Hands out the records of one generator by sequence, without allocating. */
export class RecordSource {
  readonly record: SourceRecord;
  readonly #pool: RecordPool;
  readonly #generator: number;
  readonly #stamp = Buffer.alloc(STAMP_HEADER_BYTES);

  constructor(pool: RecordPool, workload: WorkloadSpec, topic: string, generator: number) {
    this.#pool = pool;
    this.#generator = generator;
    const stampHeader = pool.stampOffset < 0 ? [{ key: STAMP_HEADER, value: this.#stamp }] : [];
    this.record = {
      topic,
      key: null,
      value: pool.payloads[0]!,
      headers: [...stampHeader, ...workload.headers],
    };
  }

  /** The same object each time, valid until the next call: the producer copies it in send(). */
  at(sequence: number): SourceRecord {
    const { payloads, keyOrder, stampOffset } = this.#pool;
    const record = this.record;
    record.value = payloads[sequence % payloads.length]!;
    const key = keyOrder.keyIndexAt(sequence);
    record.key = key < 0 ? null : keyOrder.keys[key]!;
    if (stampOffset < 0) writeBinaryStamp(this.#stamp, this.#generator, sequence);
    else writeTextStamp(record.value, stampOffset, this.#generator, sequence);
    return record;
  }
}
