import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProperties } from '../../bench/properties-file.ts';

function entries(text: string): [string, string][] {
  return parseProperties(text).properties.map(({ name, value }) => [name, value]);
}

test('separators are an equals sign, a colon or blanks, with blanks around', () => {
  const text = 'a=1\nb:2\nc 3\n  d \t= 4\ne\t:\t5\nf\ng==\nh=\n';
  assert.deepEqual(entries(text), [
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
    ['d', '4'],
    ['e', '5'],
    ['f', ''],
    ['g', '='],
    ['h', ''],
  ]);
});

test('comments and blank lines are left out, also indented ones; a marker inside a value is text', () => {
  assert.deepEqual(entries('# one\n  ! two\n\n \t\na=1#2!3\r\nb=2\r'), [
    ['a', '1#2!3'],
    ['b', '2'],
  ]);
});

test('an odd number of backslashes at the end joins the next line without its leading blanks', () => {
  assert.deepEqual(entries('a=1,\\\n    2,\\\r\n\t3\nb=x\\\\\nc=y\\\n# not a comment\nd=end\\'), [
    ['a', '1,2,3'],
    ['b', 'x\\'],
    ['c', 'y# not a comment'],
    ['d', 'end'],
  ]);
});

test('escapes stand for what Java says, and escaped separators belong to the key', () => {
  assert.deepEqual(entries('a\\=b\\:c\\ d=\\t\\n\\u00e4\\q\\\\'), [['a=b:c d', '\t\n\u00e4q\\']]);
});

test('every line with a malformed escape is told, and what stands on it is not repeated', () => {
  const { properties, problems } = parseProperties('ok=1\nbad=s3cr3t\\u12G4\n\\u1=x\nfine=\\u0041');
  assert.deepEqual(
    problems.map(({ line }) => line),
    [2, 3],
  );
  assert.match(problems[0]!.message, /malformed \\uXXXX escape, expected four hex digits/);
  assert.ok(!JSON.stringify(problems).includes('s3cr3t'));
  assert.deepEqual(
    properties.map(({ name, value }) => `${name}=${value}`),
    ['ok=1', 'fine=A'],
  );
});

test('lines are counted where the key begins', () => {
  assert.deepEqual(
    parseProperties('# c\na=1\\\n2\n\nb=3').properties.map(({ line }) => line),
    [2, 5],
  );
});

test('whatever is written with every character escaped reads back', () => {
  const escaped = (text: string): string =>
    [...text]
      .flatMap((letter) =>
        letter.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      )
      .join('');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string())), (pairs) => {
      const text = pairs.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('\n');
      assert.deepEqual(entries(text), pairs);
    }),
  );
});

test('every text is read as java.util.Properties of Java 17 reads it', () => {
  // Random texts with what Java's load() made of each, in the order of the keys; null where it threw.
  const path = new URL('./java-properties.json', import.meta.url);
  const cases = JSON.parse(readFileSync(path, 'utf8')) as [string, [string, string][] | null][];
  assert.ok(cases.length > 100);
  for (const [text, java] of cases) {
    const { properties, problems } = parseProperties(text);
    const last = new Map(properties.map(({ name, value }) => [name, value]));
    const ours = [...last].sort(([left], [right]) => (left < right ? -1 : 1));
    assert.deepEqual(problems.length > 0 ? null : ours, java, JSON.stringify(text));
  }
});
