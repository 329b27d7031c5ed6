import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultJson } from '../../reports/formats/result-json.ts';
import { levelSummaries } from '../../reports/levels/level-summaries.ts';
import { parseResult, readResult } from '../../reports/result-schema.ts';
import { quickFixture } from './result-fixture.ts';

const { result } = quickFixture({ records: 200 });
const text = resultJson(result);

test('what was written reads back the same, fields of later extensions included', () => {
  assert.deepEqual(parseResult(text, 'r.json'), result);
  const levels = levelSummaries(result).map((level) => ({ ...level, later: 1 }));
  const extended = { ...result, levels, more: [{ n: 3 }] };
  assert.deepEqual(parseResult(JSON.stringify(extended), 'r.json'), extended);
});

test('a result cut off at any place is refused, naming the file and what to do', () => {
  for (const share of [0, 0.1, 0.5, 0.99]) {
    const cut = text.slice(0, Math.floor((text.length - 2) * share));
    assert.throws(
      () => parseResult(cut, 'runs/x/result.json'),
      /runs\/x\/result\.json: the result is .*--resume/,
    );
  }
});

test('a later schema says that a newer tidemark wrote it', () => {
  const later = text.replace('tidemark.result/1', 'tidemark.result/2');
  assert.throws(
    () => parseResult(later, 'r.json'),
    /tidemark\.result\/2 was written by a newer tidemark.*tidemark\.result\/1/,
  );
});

test('another schema, none, and no object at all are no results', () => {
  assert.throws(() => parseResult('{"schema":"other/1"}', 'r.json'), /got schema "other\/1"/);
  for (const other of ['{}', '[]', 'null', '7'])
    assert.throws(() => parseResult(other, 'r.json'), /got no schema/);
});

test('a damaged field is named by its path', () => {
  const damaged = { ...result, trials: [{ ...result.trials[0], latencyMs: { count: 'many' } }] };
  assert.throws(() => parseResult(JSON.stringify(damaged), 'r.json'), /trials\.0\.latencyMs\.count/);
});

test('a figure that is no finite number is written as null', () => {
  const odd = { ...result, trials: [{ ...result.trials[0]!, cpuNsPerRecord: Number.NaN }] };
  assert.equal(parseResult(resultJson(odd), 'r.json').trials[0]!.cpuNsPerRecord, null);
});

test('a directory is read by its result.json, and a missing one says so', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-'));
  assert.throws(() => readResult(directory), /result\.json: there is no such file/);
  writeFileSync(join(directory, 'result.json'), text);
  assert.equal(readResult(directory).seed, result.seed);
});
