import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { SeededRandom } from '../../core/base/random.ts';
import { createKeyOrder } from '../../workers/key-order.ts';
import { RecordSizes } from '../../workers/record-sizes.ts';
import { createRecordPool, RecordSource } from '../../workers/record-source.ts';
import {
  readBinaryStamp,
  readTextStamp,
  STAMP_TEXT_BYTES,
  type Stamp,
  writeTextStamp,
} from '../../workers/record-stamp.ts';
import type { WorkloadSpec } from '../../workers/trial-spec.ts';

const JSON_WORKLOAD: WorkloadSpec = {
  payload: { kind: 'json', poolSize: 512 },
  keys: { kind: 'uniform', cardinality: 100 },
  headers: [{ key: 'source', value: 'test' }],
  stamp: 'header',
  send: 'callback',
};

let directory = '';
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-payload-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

test('one seed gives the same payloads and keys, another seed others', () => {
  const [one, same, other] = [
    createRecordPool(JSON_WORKLOAD, 7),
    createRecordPool(JSON_WORKLOAD, 7),
    createRecordPool(JSON_WORKLOAD, 8),
  ];
  assert.deepEqual(one.payloads, same.payloads);
  assert.notDeepEqual(one.payloads, other.payloads);
  const keysOf = (pool: typeof one): number[] =>
    Array.from({ length: 50 }, (_, sequence) => pool.keyOrder.keyIndexAt(sequence));
  assert.deepEqual(keysOf(one), keysOf(same));
  assert.notDeepEqual(keysOf(one), keysOf(other));
});

test('JSON events compress as real text does: gzip takes 16 KiB of them to between 0.15 and 0.5', () => {
  for (const seed of [1, 2, 3]) {
    const text = Buffer.concat(createRecordPool(JSON_WORKLOAD, seed).payloads).subarray(0, 16_384);
    const ratio = gzipSync(text).length / text.length;
    assert.ok(ratio > 0.15 && ratio < 0.5, `ratio ${ratio}`);
  }
});

test('fixed payloads have exactly the size asked for, stamped in the value or not', () => {
  for (const stamp of ['header', 'value'] as const) {
    for (const sizeBytes of [20, 100, 1024, 100_000]) {
      const pool = createRecordPool(
        { ...JSON_WORKLOAD, payload: { kind: 'fixed', sizeBytes, poolSize: 8 }, stamp },
        1,
      );
      assert.ok(pool.payloads.every((payload) => payload.length === sizeBytes));
    }
  }
});

test('a stamp in a header names generator and sequence', () => {
  const source = new RecordSource(createRecordPool(JSON_WORKLOAD, 1), JSON_WORKLOAD, 't', 3);
  const stamp: Stamp = { generator: -1, sequence: -1 };
  for (const sequence of [0, 1, 70_000, 2 ** 32 + 5]) {
    const [header, constant] = source.at(sequence).headers;
    readBinaryStamp(header?.value as Buffer, 0, stamp);
    assert.deepEqual(stamp, { generator: 3, sequence });
    assert.deepEqual(constant, { key: 'source', value: 'test' });
  }
});

test('a stamp in the value leaves JSON as JSON, and other payloads whole behind it', () => {
  const workload: WorkloadSpec = { ...JSON_WORKLOAD, stamp: 'value' };
  const plain = createRecordPool(JSON_WORKLOAD, 1);
  const pool = createRecordPool(workload, 1);
  const source = new RecordSource(pool, workload, 't', 9);
  const event = JSON.parse(source.at(12).value.toString());
  const stamp: Stamp = { generator: -1, sequence: -1 };
  assert.ok(readTextStamp(source.at(12).value, pool.stampOffset, stamp));
  assert.deepEqual(stamp, { generator: 9, sequence: 12 });
  const { stamp: _, ...rest } = event;
  assert.deepEqual(rest, JSON.parse(plain.payloads[12]!.toString()));
});

test('text stamps hold sequences beyond 32 bits', () => {
  const bytes = Buffer.alloc(STAMP_TEXT_BYTES + 3);
  const stamp: Stamp = { generator: 0, sequence: 0 };
  for (const sequence of [0, 0xffff_ffff, 0x1_0000_0000, 2 ** 45 + 12_345]) {
    writeTextStamp(bytes, 3, 0xabcdef, sequence);
    assert.ok(readTextStamp(bytes, 3, stamp));
    assert.deepEqual(stamp, { generator: 0xabcdef, sequence });
  }
  assert.equal(readTextStamp(Buffer.from('no stamp in here at all'), 0, stamp), false);
});

test('record sizes are those of key, value and headers', () => {
  const pool = createRecordPool(JSON_WORKLOAD, 1);
  const source = new RecordSource(pool, JSON_WORKLOAD, 't', 0);
  const sizes = new RecordSizes(pool, JSON_WORKLOAD);
  for (const sequence of [0, 17, 511, 512, 4000]) {
    const record = source.at(sequence);
    const headers = record.headers.reduce(
      (sum, { key, value }) => sum + key.length + (value?.length ?? 0),
      0,
    );
    assert.equal(sizes.at(sequence), record.value.length + (record.key?.length ?? 0) + headers);
    assert.ok(sizes.at(sequence) <= sizes.largest);
  }
});

test('zipf draws the first keys most, by the law; uniform draws all alike', () => {
  const count = (kind: 'zipf' | 'uniform'): number[] => {
    const order = createKeyOrder({ kind, cardinality: 1000, exponent: 1 } as never, new SeededRandom(5));
    const counts = new Array<number>(1000).fill(0);
    for (let sequence = 0; sequence < 131_072; sequence++) counts[order.keyIndexAt(sequence)]!++;
    return counts;
  };
  const zipf = count('zipf');
  assert.ok(
    Math.abs(zipf[0]! / zipf[9]! - 10) < 1.5,
    `first over tenth: ${zipf[0]! / zipf[9]!}, the law says 10`,
  );
  const uniform = count('uniform');
  assert.ok(Math.max(...uniform) < 200 && Math.min(...uniform) > 80);
});

test('a payload file is split by its delimiter, empty pieces left out', () => {
  const path = join(directory, 'lines');
  writeFileSync(path, 'a\n\nbb\nccc');
  const pool = createRecordPool({ ...JSON_WORKLOAD, payload: { kind: 'file', path, delimiter: '\n' } }, 1);
  assert.deepEqual(pool.payloads.map(String), ['a', 'bb', 'ccc']);
});

test('a payload file that is missing or empty is bad input that names the file', () => {
  const empty = join(directory, 'empty');
  writeFileSync(empty, '\n\n');
  const load = (path: string) => () =>
    createRecordPool({ ...JSON_WORKLOAD, payload: { kind: 'file', path, delimiter: '\n' } }, 1);
  assert.throws(load(join(directory, 'none')), { kind: 'CONFIG', message: /none cannot be read/ });
  assert.throws(load(empty), { kind: 'CONFIG', message: /empty holds no record/ });
});
