import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as platformatic from '@platformatic/kafka';
import fc from 'fast-check';
import { validateBatchFromProducer } from '../../../core/record/batch-validation.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { crc32c } from '../../../core/record/crc32c.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { COMPRESSION_TYPES } from '../../../core/record/types.ts';
import { type PlainRecord, plainRecords, sealBatch, storedBytes } from './record-arbitraries.ts';

/* What is written here is read by other clients' code, and the reverse. */

interface KafkaJsRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[]>>;
}

const require = createRequire(import.meta.url);
const KafkaJsDecoder = require('kafkajs/src/protocol/decoder');
const kafkaJsDecode: (
  decoder: unknown,
) => Promise<{ records: KafkaJsRecord[] }> = require('kafkajs/src/protocol/recordBatch/v0/decoder');
const kafkaJsEncode = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<{ buffer: Buffer }>;
};
const kafkaJsRecord: (record: object) => unknown = require('kafkajs/src/protocol/recordBatch/record/v0');

const FIXED: readonly PlainRecord[] = [
  { timestampMs: 1_700_000_000_000, key: 'key', value: 'täxt', headers: [{ key: 'trace', value: 'a1' }] },
  { timestampMs: 1_700_000_000_500, key: null, value: Buffer.alloc(40_000, 'long '), headers: null },
  { timestampMs: 1_699_999_999_000, key: Buffer.from([0, 255]), value: Buffer.alloc(0), headers: [] },
  {
    timestampMs: 1_800_000_000_000,
    key: '',
    value: 'v',
    headers: [{ key: 'ключ', value: Buffer.alloc(200, 1) }],
  },
];

/** Records as plain text, for comparison. */
function readHere(batch: Buffer): string[] {
  const cursor = new RecordCursor();
  cursor.reset(new BatchView(batch));
  const lines: string[] = [];
  while (cursor.next()) {
    const headers = cursor.headers().map(({ key, value }) => `${key}=${value?.toString('hex') ?? null}`);
    lines.push(line(cursor.offset, cursor.timestampMs, cursor.key, cursor.value, headers));
  }
  return lines;
}

function line(
  offset: unknown,
  timestamp: unknown,
  key: Buffer | null,
  value: Buffer | null,
  ...rest: unknown[]
): string {
  const digest = value === null ? null : `${value.length}:${crc32c(value)}`;
  return [offset, timestamp, key?.toString('hex') ?? null, digest, ...rest].join(' ');
}

test('@platformatic/kafka reads what is written here, in every codec', () => {
  fc.assert(
    fc.property(plainRecords, fc.constantFrom(...COMPRESSION_TYPES), (records, compression) => {
      const batch = sealBatch(records, { compression, producerId: 77, producerEpoch: 3, baseSequence: 9 });
      const read = platformatic.readRecordsBatch(platformatic.Reader.from(batch));
      assert.deepEqual([read.producerId, read.producerEpoch, read.firstSequence], [77n, 3, 9]);
      assert.equal(read.crc, platformatic.crc32c(batch.subarray(21)));
      assert.equal(read.maxTimestamp, BigInt(Math.max(...records.map((record) => record.timestampMs))));
      assert.equal(read.records.length, records.length);
      for (const [index, record] of records.entries()) {
        const other = read.records[index]!;
        assert.equal(Number(read.firstTimestamp + other.timestampDelta), record.timestampMs);
        assert.equal(other.offsetDelta, index);
        assert.deepEqual(other.key, storedBytes(record.key));
        assert.deepEqual(other.value, storedBytes(record.value));
        const headers = (record.headers ?? []).map(({ key, value }) => [
          Buffer.from(key),
          storedBytes(value),
        ]);
        assert.deepEqual(other.headers, headers);
      }
    }),
    { numRuns: 60 },
  );
});

test('what @platformatic/kafka writes is valid and read equal here, in every codec', () => {
  // Its writer garbles timestamp deltas beyond 31 bits (2.12.1), so the one record far from the others is near here.
  const near = FIXED.map((record) => ({
    ...record,
    timestampMs: Math.min(record.timestampMs, 1_700_000_001_000),
  }));
  const messages = near.map((record) => ({
    topic: 't',
    timestamp: BigInt(record.timestampMs),
    value: storedBytes(record.value)!,
    headers: new Map((record.headers ?? []).map(({ key, value }) => [Buffer.from(key), storedBytes(value)!])),
    ...(record.key === null ? {} : { key: storedBytes(record.key)! }),
  }));
  for (const compression of COMPRESSION_TYPES) {
    const batch = platformatic.createRecordsBatch(messages, { compression }).buffer;
    assert.equal(validateBatchFromProducer(batch), null, compression);
    assert.deepEqual(readHere(batch), readHere(sealBatch(near)), compression);
  }
});

test('kafkajs reads what is written here, plain and gzip', async () => {
  for (const compression of ['none', 'gzip'] as const) {
    const { records } = await kafkaJsDecode(new KafkaJsDecoder(sealBatch(FIXED, { compression })));
    const lines = records.map(({ offset, timestamp, key, value, headers }) => {
      const pairs = Object.entries(headers).map(
        ([name, bytes]) => `${name}=${(bytes as Buffer).toString('hex')}`,
      );
      return line(offset, timestamp, key, value, pairs);
    });
    assert.deepEqual(lines, readHere(sealBatch(FIXED)), compression);
  }
});

test('what kafkajs writes is valid and read equal here, plain and gzip', async () => {
  const [first] = FIXED;
  const records = FIXED.map((record, offsetDelta) =>
    kafkaJsRecord({
      offsetDelta,
      timestampDelta: record.timestampMs - first!.timestampMs,
      key: storedBytes(record.key),
      value: storedBytes(record.value),
      headers: Object.fromEntries((record.headers ?? []).map(({ key, value }) => [key, value])),
    }),
  );
  for (const compression of [0, 1]) {
    const { buffer } = await kafkaJsEncode.RecordBatch({
      compression,
      firstTimestamp: first!.timestampMs,
      maxTimestamp: 1_800_000_000_000,
      lastOffsetDelta: FIXED.length - 1,
      records,
    });
    assert.equal(validateBatchFromProducer(buffer), null);
    assert.deepEqual(readHere(buffer), readHere(sealBatch(FIXED)));
  }
});
