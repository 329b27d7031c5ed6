import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { metadataApi } from '../../core/wire/messages/metadata.ts';
import { HostileBench } from './hostile-bench.ts';

describe('producer: close() with a time limit while the first connection is being made', () => {
  it('leaves no connection and no timer behind', async () => {
    const bench = new HostileBench();
    // The bootstrap server takes the connection and keeps the first metadata to itself.
    bench.spoil(metadataApi, () => true);
    bench.send();
    await bench.clock.advance(50);
    assert.equal(bench.network.openClients, 1, 'the connection is open');
    await bench.clock.runUntil(bench.producer.close({ timeoutMs: 10 }));
    await bench.clock.settle();
    assert.deepEqual(
      bench.endings.map(({ kind }) => kind),
      ['PRODUCER_CLOSED'],
    );
    assert.equal(bench.network.openClients, 0, 'no connection is left');
    assert.equal(bench.watched.pendingTimers, 0, 'no timer is left');
  });
});
