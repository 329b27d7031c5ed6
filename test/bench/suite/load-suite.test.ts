import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  findSuite,
  SHIPPED_SUITES_DIRECTORY,
  shippedSuite,
  shippedSuiteNames,
} from '../../../bench/suite/find-suite.ts';
import { loadSuite } from '../../../bench/suite/load-suite.ts';
import { suiteJsonSchema } from '../../../bench/suite/suite-schema.ts';

function load(context: TestContext, text: string): ReturnType<typeof loadSuite> {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-suite-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, 'mine.yaml'), text);
  return loadSuite(findSuite('./mine.yaml', directory));
}

function problems(context: TestContext, text: string): string[] {
  try {
    load(context, text);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}

test('every shipped suite is valid, says what it is and names its schema', () => {
  const names = shippedSuiteNames();
  for (const name of ['quick', 'full', 'batching', 'compression', 'partitioners', 'acks'])
    assert.ok(names.includes(name));
  assert.equal(names[0], 'quick');
  for (const name of names) {
    assert.ok(loadSuite(shippedSuite(name)).suite.description.length > 10);
    const [first] = readFileSync(shippedSuite(name).path, 'utf8').split('\n');
    assert.equal(first, '# yaml-language-server: $schema=./suite.schema.json');
  }
});

test('the committed JSON Schema is the one that validates (node scripts/write-suite-schema.ts)', () => {
  const committed: unknown = JSON.parse(
    readFileSync(join(SHIPPED_SUITES_DIRECTORY, 'suite.schema.json'), 'utf8'),
  );
  assert.deepEqual(committed, JSON.parse(JSON.stringify(suiteJsonSchema())));
});

test('a suite of a description alone has all defaults', (t) => {
  const { suite } = load(t, 'description: mine\n');
  assert.equal(suite.topic.partitions, 12);
  assert.deepEqual(suite.load.pace, { shareOfBase: 0.3 });
  assert.equal(suite.verify, 'full');
});

test('all problems are told at once, each with its line, what it got and what is expected', (t) => {
  const text = `description: 5
topik: {}
topic:
  partitions: 0
  name: "a b"
load:
  warmup: 5
  saturated: 99h
keys: { kind: zip }
payload: { kind: fixed }
factors:
  linger.ms: [1, [2]]
  acks: []
design: ful
producer: [1]
`;
  assert.deepEqual(problems(t, text), [
    './mine.yaml:1: description: wrong type, got 5, expected text',
    "./mine.yaml:2: topik: unknown property, got 'topik', expected description, target, topic, payload, keys, headers, stamp, send, load, producer, factors, design, repeats, precision, baseRepeats, gates, published, verify or seed; did you mean topic?",
    './mine.yaml:4: topic.partitions: too small, got 0, expected at least 1',
    './mine.yaml:5: topic.name: wrong value, got "a b", expected 1 to 120 characters of a-z A-Z 0-9 . _ -',
    './mine.yaml:7: load.warmup: wrong value, got 5, expected a number with a unit: 300ms, 5s, 1m',
    './mine.yaml:8: load.saturated: wrong value, got "99h", expected at most 24h',
    './mine.yaml:9: keys.kind: wrong value, got "zip", expected none, uniform or zipf',
    './mine.yaml:10: payload.sizeBytes: is missing, got nothing, expected a number',
    './mine.yaml:12: factors.linger.ms[1]: wrong type, got [2], expected text, a number, true or false or a map of names and values',
    './mine.yaml:13: factors.acks: too small, got [], expected at least 1 entries',
    './mine.yaml:14: design: wrong value, got "ful", expected one-factor or full',
    './mine.yaml:15: producer: wrong type, got [1], expected a map of names and values',
  ]);
});

test('wrong producer properties are told together with what is wrong in form, each on its line', (t) => {
  const text = `description: x
producer: { lingr.ms: 5, acks: 1, batch.size: [1] }
factors:
  linger.ms: [0, -4]
  batch.size:
    - { value: 1, with: { acks: 2 } }
  acks: all
sent: sync
`;
  assert.deepEqual(
    problems(t, text).map((line) => line.slice(0, 64)),
    [
      './mine.yaml:2: producer.batch.size: wrong type, got [1], expecte',
      './mine.yaml:2: lingr.ms is not a producer property known here; d',
      './mine.yaml:4: linger.ms must be >= 0, got -4',
      './mine.yaml:6: acks must be one of all, -1, 0, 1, got "2"',
      './mine.yaml:7: factors.acks: wrong type, got "all", expected a l',
      "./mine.yaml:8: sent: unknown property, got 'sent', expected desc",
    ],
  );
});

test('a level may not bring its own property along', (t) => {
  const text = 'description: x\nfactors:\n  acks:\n    - value: all\n      with: { linger.ms: 1, acks: 1 }\n';
  assert.deepEqual(problems(t, text), [
    './mine.yaml:5: factors.acks[0].with.acks: wrong value, got 1, expected properties other than acks itself',
  ]);
});

test('a misspelt name inside a choice of forms is named, with the nearest of all forms', (t) => {
  const [problem, ...others] = problems(t, 'description: x\nload:\n  pace:\n    shareOfBse: 0.3\n');
  assert.equal(
    problem,
    "./mine.yaml:4: load.pace.shareOfBse: unknown property, got 'shareOfBse', expected recordsPerSecond or shareOfBase; did you mean shareOfBase?",
  );
  assert.deepEqual(others, []);
  const [level] = problems(t, 'description: x\nfactors:\n  acks:\n    - { value: 1, wit: {} }\n');
  assert.match(level!, /^\.\/mine\.yaml:4: factors\.acks\[0\]\.wit: unknown property.*did you mean with\?$/);
});

test('a YAML syntax error and a key given twice are told with their lines', (t) => {
  assert.match(problems(t, 'description: x\nload: {warmup: 1s\n')[0]!, /^\.\/mine\.yaml:3: .*flow/i);
  assert.match(problems(t, 'description: x\nsend: sync\nsend: sync\n')[0]!, /^\.\/mine\.yaml:3: .*unique/);
});

test('a second document and a name that is no text are told in plain words', (t) => {
  assert.match(
    problems(t, 'description: x\n---\na: 1\n')[0]!,
    /^\.\/mine\.yaml:2: a second document begins here/,
  );
  assert.match(
    problems(t, 'description: x\n? [a, b]\n: 1\n')[0]!,
    /^\.\/mine\.yaml:2: a list or a map stands/,
  );
});

test('aliases cannot blow a suite up', (t) => {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de'])
    lines.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
  assert.match(problems(t, lines.join('\n'))[0]!, /^\.\/mine\.yaml:1: .*alias/i);
});

test('an empty file lacks its description; an unknown suite suggests the nearest', (t) => {
  assert.deepEqual(problems(t, ''), ['./mine.yaml:1: description: is missing, got nothing, expected text']);
  assert.throws(
    () => findSuite('quik', '.'),
    /unknown suite 'quik': did you mean quick\?.*shipped are quick, acks/,
  );
  assert.throws(() => findSuite('./none.yaml', '.'), /does not exist/);
});
