import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TidemarkError } from '../../../core/base/errors.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { ProducerIds } from '../../../core/broker/producer-ids.ts';
import { initProducerIdApi } from '../../../core/wire/messages/init-producer-id.ts';
import { FaultyStorage } from '../log/faulty-storage.ts';
import { RawClient } from './raw-client.ts';
import { startTestCluster } from './test-cluster.ts';

const FILE = 'cluster/producer-ids.json';

function opened(storage: FaultyStorage): ProducerIds {
  const ids = new ProducerIds(storage);
  ids.open();
  return ids;
}

const take = (ids: ProducerIds, count: number) => Array.from({ length: count }, () => ids.take());

describe('ProducerIds', () => {
  it('begins with 0 and counts up over blocks', () => {
    const ids = opened(new FaultyStorage());
    assert.deepEqual(
      take(ids, 2_500),
      Array.from({ length: 2_500 }, (_, index) => index),
    );
  });

  it('gives out no id twice over 200 power cuts', () => {
    const random = new SeededRandom(41);
    let storage = new FaultyStorage();
    const given = new Set<number>();
    let count = 0;
    for (let round = 0; round < 200; round++) {
      const taken = take(opened(storage), 1 + random.nextBelow(1_500));
      for (const id of taken) given.add(id);
      count += taken.length;
      storage = storage.afterPowerCut(random);
    }
    assert.equal(given.size, count);
  });

  it('writes once per block, before its first id', () => {
    const storage = new FaultyStorage();
    const ids = opened(storage);
    assert.equal(storage.bytesOf(FILE).length, 0);
    ids.take();
    assert.equal(JSON.parse(String(storage.bytesOf(FILE))).nextBlock, 1_000);
    const syncs = storage.syncCount;
    take(ids, 999);
    assert.equal(storage.syncCount, syncs);
    ids.take();
    assert.equal(storage.syncCount, syncs + 1);
  });

  it('refuses a file that is damaged or says something else', () => {
    const texts = ['{', 'null', '{"schema":"other"}', '{"schema":"tidemark.producer-ids/1","nextBlock":-5}'];
    for (const text of texts) {
      const written = new FaultyStorage();
      opened(written).take();
      const storage = written.withTail(FILE, 0, Buffer.from(text));
      assert.throws(
        () => opened(storage),
        (error: TidemarkError) => error.kind === 'KAFKA_STORAGE_ERROR' && error.message.includes(FILE),
        text,
      );
    }
  });

  it('a disk that refuses the block is told to the client, which gets an id when it accepts again', async () => {
    const storage = new FaultyStorage();
    const cluster = await startTestCluster({ storage: () => storage });
    const client = await RawClient.connect(cluster.ports[0]!);
    const init = () =>
      client.ask(initProducerIdApi, 4, { transactionalId: null, transactionTimeoutMs: 60_000 });
    storage.failSync = /producer-ids/;
    const refused = await init();
    assert.deepEqual([refused.errorCode, refused.producerId, refused.producerEpoch], [56, -1, -1]);
    storage.failSync = null;
    assert.equal((await init()).errorCode, 0);
    client.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  it('ids go on behind those of before a restart of the cluster', async () => {
    const storage = new FaultyStorage();
    const seen: number[] = [];
    for (let start = 0; start < 3; start++) {
      const cluster = await startTestCluster({ storage: () => storage });
      const client = await RawClient.connect(cluster.ports[0]!);
      for (let asked = 0; asked < 2; asked++) {
        const body = { transactionalId: null, transactionTimeoutMs: 60_000 };
        seen.push((await client.ask(initProducerIdApi, 4, body)).producerId);
      }
      client.close();
      await cluster.close();
    }
    assert.deepEqual(seen, [0, 1, 1_000, 1_001, 2_000, 2_001]);
  });
});
