import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchBuilder } from '../../../core/record/batch-builder.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import type { RecordHeader } from '../../../core/record/types.ts';

function cursorOver(headers: readonly RecordHeader[]): RecordCursor {
  const builder = new BatchBuilder();
  builder.reset(Buffer.alloc(4096));
  builder.append(1000, 'k', 'v', headers);
  const cursor = new RecordCursor();
  cursor.reset(new BatchView().reset(builder.seal({ compression: 'none', level: null })));
  assert.ok(cursor.next());
  return cursor;
}

test('findHeader gives the place of the first header with the name', () => {
  const cursor = cursorOver([
    { key: 'other', value: 'x' },
    { key: 'näme', value: 'first' },
    { key: 'näme', value: 'second' },
  ]);
  const position = cursor.findHeader(Buffer.from('näme'));
  assert.equal(cursor.bytes.toString('utf8', position, position + cursor.headerLength), 'first');
});

test('findHeader gives -1 without such a header, and for a null value', () => {
  const cursor = cursorOver([
    { key: 'ab', value: 'x' },
    { key: 'none', value: null },
  ]);
  assert.equal(cursor.findHeader(Buffer.from('a')), -1);
  assert.equal(cursor.findHeader(Buffer.from('abc')), -1);
  assert.equal(cursor.findHeader(Buffer.from('none')), -1);
});

test('findHeader leaves the cursor where it was', () => {
  const cursor = cursorOver([
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ]);
  cursor.findHeader(Buffer.from('a'));
  assert.deepEqual(
    cursor.headers().map(({ key }) => key),
    ['a', 'b'],
  );
  assert.equal(cursor.next(), false);
});
