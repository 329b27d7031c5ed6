import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDuetTarget } from '../../../bench/duet/session-target.ts';
import { Producer } from '../../../core/tidemark.ts';

test('records that are still under way are waited for, and missing ones are not waited for without end', async () => {
  const target = await openDuetTarget({ bootstrapServers: null, properties: {}, onCrash: assert.fail });
  try {
    await target.createTopic('late', 2);
    assert.equal(await target.recordsIn('late', 2, 0), 0);
    await using producer = new Producer({ 'bootstrap.servers': target.bootstrapServers });
    const counted = target.recordsIn('late', 2, 3);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await Promise.all(['a', 'b', 'c'].map((value) => producer.send({ topic: 'late', value })));
    assert.equal(await counted, 3);
    assert.equal(await target.recordsIn('late', 2, 2), 3);
    const startedMs = performance.now();
    assert.equal(await target.recordsIn('late', 2, 4), 3);
    assert.ok(performance.now() - startedMs < 10_000);
  } finally {
    await target.close();
  }
});
