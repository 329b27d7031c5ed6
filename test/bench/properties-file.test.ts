import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProperties } from '../../bench/properties-file.ts';

function entries(text: string): [string, string][] {
  return parseProperties(text).map(({ name, value }) => [name, value]);
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
  assert.throws(() => parseProperties('ok=1\nbad=\\u12G4'), /line 2: malformed/);
});

test('lines are counted where the key begins', () => {
  assert.deepEqual(
    parseProperties('# c\na=1\\\n2\n\nb=3').map(({ line }) => line),
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
