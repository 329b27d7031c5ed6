import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SequenceLedger } from '../../workers/sequence-ledger.ts';

const NONE = new Float64Array();

function readAll(ledger: SequenceLedger, sequences: readonly number[], keyOf = (_: number) => -1): void {
  for (const sequence of sequences) ledger.observe(0, sequence, keyOf(sequence), true);
}

test('what was sent and read once, in order, is all well', () => {
  const ledger = new SequenceLedger(20, 0);
  readAll(
    ledger,
    Array.from({ length: 20 }, (_, index) => index),
  );
  assert.deepEqual(ledger.findings(NONE), {
    lost: 0,
    duplicated: 0,
    reordered: 0,
    corrupted: 0,
    failedButWritten: 0,
  });
});

test('an acknowledged record that is not read back is lost, one read twice is duplicated', () => {
  const ledger = new SequenceLedger(5, 0);
  readAll(ledger, [0, 1, 1, 3, 4]);
  const { lost, duplicated } = ledger.findings(NONE);
  assert.deepEqual({ lost, duplicated }, { lost: 1, duplicated: 1 });
});

test('a failed record is not lost; when it was written all the same, that is told apart', () => {
  const ledger = new SequenceLedger(5, 0);
  readAll(ledger, [0, 1, 3]);
  const { lost, failedButWritten } = ledger.findings(Float64Array.of(2, 3, 4));
  assert.deepEqual({ lost, failedButWritten }, { lost: 0, failedButWritten: 1 });
});

test('order counts within key and partition only', () => {
  const ledger = new SequenceLedger(6, 2);
  readAll(ledger, [1, 0, 3, 2, 5, 4], (sequence) => sequence % 2);
  assert.equal(ledger.findings(NONE).reordered, 0);
  const swapped = new SequenceLedger(6, 2);
  readAll(swapped, [2, 0, 1, 3, 4, 5], (sequence) => sequence % 2);
  assert.equal(swapped.findings(NONE).reordered, 1);
  const twoPartitions = new SequenceLedger(2, 0);
  twoPartitions.observe(1, 1, -1, true);
  twoPartitions.observe(0, 0, -1, true);
  assert.equal(twoPartitions.findings(NONE).reordered, 0);
});

test('a record with other bytes, or with a sequence never sent, is corrupted', () => {
  const ledger = new SequenceLedger(2, 0);
  ledger.observe(0, 0, -1, false);
  ledger.observe(0, 1, -1, true);
  ledger.observe(0, 99, -1, true);
  ledger.observeUnreadable();
  assert.deepEqual(ledger.findings(NONE), {
    lost: 0,
    duplicated: 0,
    reordered: 0,
    corrupted: 3,
    failedButWritten: 0,
  });
});
