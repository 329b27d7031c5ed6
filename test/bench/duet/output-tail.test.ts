import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineSplitter } from '../../../bench/duet/line-splitter.ts';
import { OutputTail } from '../../../bench/duet/output-tail.ts';

describe('what is kept of a process its output', () => {
  it('is its first lines, how many were between, and its last', () => {
    const tail = new OutputTail();
    for (let line = 1; line <= 100; line++) tail.add(`line ${line}`);
    const kept = tail.text().split('\n');
    assert.equal(kept.length, 31);
    assert.deepEqual(kept.slice(7, 10), ['line 8', '(70 lines more)', 'line 79']);
    assert.equal(kept.at(-1), 'line 100');
  });

  it('shows no secret of its properties, whole, in part or cut off', () => {
    const tail = new OutputTail({
      'sasl.jaas.config': 'module required username="u" password="hunter2";',
      'ssl.keystore.key': '-----BEGIN KEY-----\nMIIEsecretsecret\n-----END KEY-----',
      'my.own.token': 'abcdefgh',
      acks: 'all',
    });
    tail.add('login with hunter2 failed, acks all');
    tail.add('  MIIEsecretsecret');
    tail.add(`${'x'.repeat(395)}abcdefgh`);
    const text = tail.text();
    assert.match(text, /login with \[hidden\] failed, acks all/);
    for (const secret of ['hunter2', 'MIIE', 'abcd']) assert.ok(!text.includes(secret), secret);
  });
});

describe('the cutting of output into lines', () => {
  it('joins what comes in pieces, also within a character, and drops the rest of a line without end', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    const bytes = Buffer.from('grün\r\n\nnext');
    splitter.push(bytes.subarray(0, 3));
    splitter.push(bytes.subarray(3));
    splitter.flush();
    assert.deepEqual(lines, ['grün', 'next']);
    for (let chunk = 0; chunk < 100; chunk++) splitter.push(Buffer.alloc(10_000, 'x'));
    splitter.push(Buffer.from('\nlast\n'));
    assert.ok(lines[2]!.length < 140_000);
    assert.equal(lines[3], 'last');
  });
});
