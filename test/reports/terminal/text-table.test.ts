import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TextColumn, textTable } from '../../../reports/terminal/text-table.ts';
import { wrapLines, wrapText } from '../../../reports/terminal/wrap-text.ts';

const COLUMNS: readonly TextColumn<readonly [string, string, string]>[] = [
  { title: 'name', text: ([name]) => name, isNumber: false, importance: 0 },
  { title: 'rate', text: ([, rate]) => rate, isNumber: true, importance: 1 },
  { title: 'p99', text: ([, , p99]) => p99, isNumber: true, importance: 2, paint: (cell) => `<${cell}>` },
];
const ROWS = [['a', '1,000', '7'] as const, ['longer', '20', '12.5'] as const];

test('figures stand to the right, and colour comes after the width', () => {
  assert.deepEqual(textTable(ROWS, COLUMNS, 80), [
    '  name     rate   p99',
    '  a       1,000  <   7>',
    '  longer     20  <12.5>',
  ]);
});

test('the least important columns go until the rest fits exactly; the first stays however narrow it is', () => {
  assert.equal(textTable(ROWS, COLUMNS, 21)[0], '  name     rate   p99');
  assert.equal(textTable(ROWS, COLUMNS, 20)[0], '  name     rate');
  assert.equal(textTable(ROWS, COLUMNS, 3)[0], '  name');
});

test('lines break at spaces, but not before a per cent sign', () => {
  assert.deepEqual(wrapText('a change of 5 % is seen', 14, '- '), ['- a change of', '  5 % is seen']);
  assert.equal(wrapLines(['  said at length', 'short\u001b'], 10), '  said at\n    length\nshort?');
});
