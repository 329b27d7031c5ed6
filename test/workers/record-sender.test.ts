import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Producer } from '../../core/producer/producer.ts';
import type { DeliveryTracker } from '../../workers/delivery-tracker.ts';
import { createRecordSender } from '../../workers/record-sender.ts';
import type { RecordSource } from '../../workers/record-source.ts';
import type { WorkloadSpec } from '../../workers/trial-spec.ts';

/** Sends two records in this form; what was handed to send(), and what the tracker was told. */
async function run(form: WorkloadSpec['send']) {
  const calls: unknown[][] = [];
  const told: unknown[][] = [];
  const metadata = { topic: 't', partition: 0, offset: 5, timestamp: 0 };
  const producer = {
    send: (...given: unknown[]) => {
      calls.push(given);
      return given.length === 1 ? Promise.resolve(metadata) : true;
    },
  } as unknown as Producer;
  let sequence = 0;
  const onDelivery = (...given: unknown[]) => told.push(given);
  const tracker = { nextSequence: () => sequence++, onDelivery } as unknown as DeliveryTracker;
  const source = { at: (index: number) => `record ${index}` } as unknown as RecordSource;
  const sender = createRecordSender(form, producer, source, tracker);
  sender.sendNext();
  sender.sendNext();
  await Promise.resolve();
  return { calls, told, onDelivery, metadata, maxOutstanding: sender.maxOutstanding };
}

describe('record sender', () => {
  it('sync lets one record be under way, and awaits it by its promise', async () => {
    const { calls, told, metadata, maxOutstanding } = await run('sync');
    assert.equal(maxOutstanding, 1);
    assert.deepEqual(calls, [['record 0'], ['record 1']]);
    assert.deepEqual(told[0], [null, metadata, 0]);
  });

  it('promise, callback and forget use their form of send() and bound nothing', async () => {
    const promise = await run('promise');
    assert.deepEqual(promise.calls[0], ['record 0']);
    const callback = await run('callback');
    assert.deepEqual(callback.calls[0], ['record 0', callback.onDelivery, 0]);
    const forget = await run('forget');
    assert.deepEqual(forget.calls[0], ['record 0', null]);
    for (const { maxOutstanding } of [promise, callback, forget]) {
      assert.equal(maxOutstanding, Number.POSITIVE_INFINITY);
    }
  });
});
