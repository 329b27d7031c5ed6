import assert from 'node:assert/strict';
import { it } from 'node:test';
import { warm } from './producer-bench.ts';

it('queuedRecords tells what waits to be sent by partition: neither what is under way nor what has settled', async () => {
  const { producer, cluster, clock, send } = await warm({ 'linger.ms': 5 }, [0, 0, 1]);
  assert.deepEqual(producer.queuedRecords('t'), [0, 0, 0]);
  for (const partition of [0, 2, 2]) send('x', { partition });
  assert.deepEqual(producer.queuedRecords('t'), [1, 0, 2]);
  await clock.advance(5);
  assert.deepEqual(producer.queuedRecords('t'), [0, 0, 0]);
  send('y', { partition: 1 });
  assert.deepEqual(producer.queuedRecords('t'), [0, 1, 0]);
  await clock.advance(5);
  while (cluster.requests.length > 0) cluster.take().respond();
  await clock.settle();
  assert.deepEqual(producer.queuedRecords('t'), [0, 0, 0]);
  assert.deepEqual(producer.queuedRecords('of no such topic'), []);
  await producer.close();
});
