import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MicroBenchmark, type MicroFigure, measure } from '../../../bench/micro/micro-benchmark.ts';
import { listMicroBenchmarks, runMicro } from '../../../bench/micro/run-micro.ts';

/**
 * What each benchmark computes. A change here means that the code under it computes something else than before:
 * look at why before taking over the new hash. Compressed bytes are left out, as zlib picks its code by CPU.
 */
const HASHES: Readonly<Record<string, string>> = {
  'partitioner/keyed': '29c7603e',
  'partitioner/sticky': '9b40c97d',
  'partitioner/uniform-sticky': '4aebb955',
  'partitioner/adaptive': '6b9e6bf5',
  'partitioner/round-robin': '1a7a4dd5',
  'partitioner/random': '63c544e2',
  'murmur2/16B': 'a6bdc941',
  'encode/100B': 'd2c92db2',
  'encode/100B-key': '63f16d90',
  'encode/100B-text': 'd2c92db2',
  'encode/100B-text-key': '63f16d90',
  'encode/100B-key-2-headers': 'bb013f5d',
  'encode/1KiB-key': 'd5ed6f64',
  'send/forget': 'a88c5948',
  'send/callback': 'f8cbca68',
  'send/promise': '878c2555',
  'crc32c/16KiB': 'f44bd1b9',
  'crc32c/1MiB': '227c92c9',
  'decompress/gzip-16KiB': '92973c4f',
  'decompress/snappy-16KiB': '92973c4f',
  'decompress/lz4-16KiB': '92973c4f',
  'decompress/zstd-16KiB': '92973c4f',
  'request/produce-4-batches': 'ec8a37d3',
  'read/validate-100B': '9f53a4b6',
  'read/walk-100B': '3c9ccad1',
  'latency/record': '5c10f380',
};

async function run(options: {
  filter?: string;
  json?: boolean;
}): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runMicro({
    filter: options.filter,
    json: options.json === true,
    tiny: true,
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

test('every micro-benchmark runs and computes what it always computed', async () => {
  const { code, out, err } = await run({ json: true });
  assert.equal(code, 0);
  assert.equal(err, '');
  const figures = JSON.parse(out) as MicroFigure[];
  assert.deepEqual(
    figures.map((figure) => figure.name),
    listMicroBenchmarks().map((benchmark) => benchmark.name),
  );
  const hashes = figures
    .filter(({ name }) => !name.startsWith('compress/'))
    .map(({ name, hash }) => [name, hash]);
  assert.deepEqual(Object.fromEntries(hashes), HASHES);
});

test('each figure has a unit, a spread around its value, its samples and its hash', async () => {
  const { out } = await run({ json: true, filter: 'partitioner' });
  const figures = JSON.parse(out) as MicroFigure[];
  assert.ok(figures.length >= 5);
  for (const figure of figures) {
    assert.equal(figure.unit, 'ns/record');
    assert.ok(figure.lower > 0 && figure.lower <= figure.value && figure.value <= figure.upper, figure.name);
    assert.ok(figure.samples >= 2);
    assert.match(figure.hash, /^[0-9a-f]{8}$/);
    assert.equal(figure.budget, 30);
  }
});

test('names are unique', () => {
  const names = listMicroBenchmarks().map((benchmark) => benchmark.name);
  assert.equal(new Set(names).size, names.length);
});

test('the filter is part of a name in any case, and the table shows budget and hash', async () => {
  const { code, out } = await run({ filter: 'LATENCY' });
  assert.equal(code, 0);
  const lines = out.split('\n').filter((line) => line.includes('/record'));
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^latency\/record +[\d.]+ +[\d.]+ - [\d.]+ +ns\/record +<= 25!? +[0-9a-f]{8}$/);
});

test('a filter that matches nothing lists the names and returns 2', async () => {
  const { code, out, err } = await run({ filter: 'warp' });
  assert.equal(code, 2);
  assert.equal(out, '');
  assert.match(err, /^no micro-benchmark has 'warp' in its name/);
  for (const { name } of listMicroBenchmarks()) assert.ok(err.includes(`  ${name}\n`), name);
});

test('a benchmark whose result changes from run to run is an error, and is cleaned up after', async () => {
  let calls = 0;
  let disposed = 0;
  const drifting: MicroBenchmark = {
    name: 'test/drifting',
    unit: 'ns/op',
    opsPerRun: 1,
    bytesPerOp: null,
    budgetNs: null,
    prepare: () => ({
      run: () => ++calls,
      dispose: () => {
        disposed++;
      },
    }),
  };
  await assert.rejects(measure(drifting, true), /test\/drifting computed 0000000[2-9], and 00000001 before/);
  assert.equal(disposed, 1);
});
