import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ProducerBatch } from '../../../../core/producer/batches/producer-batch.ts';
import { PartitionSequences } from '../../../../core/producer/idempotence/partition-sequences.ts';
import type { ProducerIdentity } from '../../../../core/producer/idempotence/producer-identity.ts';
import { addToSequence, isLaterSequence } from '../../../../core/producer/idempotence/sequence-numbers.ts';

const LAST = 0x7fff_ffff;

function batchOf(records: number): ProducerBatch {
  const batch = new ProducerBatch();
  batch.sealed = Buffer.alloc(61);
  batch.recordCount = records;
  return batch;
}

it('sequence numbers go from INT_MAX back to 0', () => {
  assert.equal(addToSequence(LAST, 1), 0);
  assert.equal(addToSequence(LAST - 1, 5), 3);
  assert.ok(isLaterSequence(2, LAST - 2));
  assert.ok(!isLaterSequence(LAST - 2, 2));
  assert.ok(!isLaterSequence(7, 7));
});

it('a partition whose numbers wrapped knows that everything was written', () => {
  const sequences = new PartitionSequences({ producerId: 1, epoch: 0 } as ProducerIdentity);
  const places: number[] = [];
  for (const records of [LAST - 1, 4, 10]) {
    const batch = batchOf(records);
    sequences.assign(batch);
    places.push(batch.baseSequence);
    assert.ok(!sequences.isComplete);
    sequences.remove(batch);
    sequences.noteAppended(batch);
    assert.ok(sequences.isComplete);
  }
  assert.deepEqual(places, [0, LAST - 1, 2]);
});

it('no more than five batches of a partition are under way, as brokers remember no more; retries count', () => {
  const sequences = new PartitionSequences({ producerId: 1, epoch: 0 } as ProducerIdentity);
  const node = 7;
  const batches = Array.from({ length: 6 }, () => batchOf(1));
  const sixth = batches.pop()!;
  for (const batch of batches) {
    assert.ok(sequences.allows(batch, node));
    batch.sentToId = node;
    sequences.assign(batch);
  }
  assert.ok(!sequences.allows(sixth, node));
  const [first, second] = batches as [ProducerBatch, ProducerBatch];
  assert.ok(sequences.allows(first, node), 'the first under way may be repeated');
  assert.ok(!sequences.allows(second, node), 'those behind it wait for it');
  sequences.remove(first);
  sequences.noteAppended(first);
  assert.ok(sequences.allows(sixth, node));
});
