import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../core/base/random.ts';
import { Cluster } from '../../core/client/cluster.ts';
import { produceApi } from '../../core/wire/messages/produce.ts';
import { VirtualClock } from '../core/base/virtual-clock.ts';
import { DELIVERY_TIMEOUT_MS, HostileBench, MAX_BLOCK_MS } from './hostile-bench.ts';
import type { Trouble } from './network-conditions.ts';
import { SimulatedNetwork } from './simulated-network.ts';

const LATE_MS = 60;
const MOST_ATTEMPTS = 150;

const TROUBLES: Readonly<Record<string, Partial<Trouble>>> = {
  'refuses connections': { isRefusing: true },
  'never answers an attempt to connect': { isBlackHole: true },
  'is silent for ever, both ways': { silence: 'both' },
  'hears nothing': { silence: 'to-broker' },
  'is not heard': { silence: 'to-client' },
  'is slow by one byte a second': { isTrickling: true },
};

for (const isIdempotent of [false, true]) {
  const properties = { 'enable.idempotence': isIdempotent };
  describe(`producer: a broker, idempotence ${isIdempotent ? 'on' : 'off'}`, () => {
    for (const [name, trouble] of Object.entries(TROUBLES)) {
      it(`that ${name} from the beginning: TIMEOUT after max.block.ms`, async () => {
        const bench = new HostileBench(properties);
        bench.network.trouble(bench.cluster.brokers[0]!.endpoint, trouble);
        const { kind, tookMs } = await bench.ending();
        assert.equal(kind, 'TIMEOUT');
        assert.ok(tookMs >= MAX_BLOCK_MS && tookMs <= MAX_BLOCK_MS + LATE_MS, `after ${tookMs} ms`);
        assert.ok(bench.network.attempts < MOST_ATTEMPTS, `${bench.network.attempts} attempts to connect`);
        await bench.finish();
      });

      it(`that ${name} in the middle: TIMEOUT after delivery.timeout.ms, and the next record goes through`, async () => {
        const bench = new HostileBench(properties);
        const { endpoint } = bench.cluster.brokers[0]!;
        assert.equal((await bench.ending()).kind, null);
        bench.network.trouble(endpoint, trouble);
        bench.cluster.brokers[0]!.dropConnections();
        const { kind, tookMs } = await bench.ending();
        assert.equal(kind, 'TIMEOUT');
        assert.ok(tookMs <= DELIVERY_TIMEOUT_MS + LATE_MS, `after ${tookMs} ms`);
        bench.network.heal();
        assert.equal((await bench.ending()).kind, null);
        await bench.finish();
      });
    }

    it('that resets the connection at every byte of a request: the record is delivered all the same', async () => {
      for (let bytes = 0, end = 1; bytes < end; bytes++) {
        const bench = new HostileBench(properties);
        assert.equal((await bench.ending()).kind, null);
        let isCut = false;
        bench.network.cutNextWrite((written) => {
          end = written;
          isCut = true;
          return bytes;
        });
        const { kind, message } = await bench.ending();
        assert.ok(isCut);
        assert.equal(kind, null, `${bytes} of ${end} bytes: ${message}`);
        const ids = bench.cluster.logOf('t', 0)!.records.map(({ id }) => id);
        assert.deepEqual(ids, [0, 1], 'a request that did not arrive whole is not there twice');
        await bench.finish();
      }
    });

    it('that takes requests and never answers: TIMEOUT, request after request, and nothing piles up', async () => {
      const bench = new HostileBench(properties);
      // Nor anything behind it: a connection's answers come in order.
      bench.spoil(produceApi, (answer) => {
        answer.mute();
        return true;
      });
      const { kind, tookMs } = await bench.ending();
      assert.equal(kind, 'TIMEOUT');
      assert.ok(tookMs <= DELIVERY_TIMEOUT_MS + LATE_MS, `after ${tookMs} ms`);
      assert.ok(
        bench.network.everOpened <= 1 + DELIVERY_TIMEOUT_MS / 300 + 1,
        `${bench.network.everOpened} opened`,
      );
      await bench.finish();
    });
  });
}

describe('cluster: bootstrap servers', () => {
  for (const [name, trouble] of Object.entries(TROUBLES)) {
    it(`of which the only one ${name}: connect() rejects with a typed error within the set-up times`, async () => {
      const clock = new VirtualClock();
      const network = new SimulatedNetwork(clock, new SeededRandom(1));
      network.listenNow({ host: 'b', port: 1 }, () => ({
        onData: () => undefined,
        onClose: () => undefined,
      }));
      network.trouble({ host: 'b', port: 1 }, trouble);
      const startNs = clock.nowNs();
      const connecting = Cluster.connect({
        bootstrapServers: ['b:1'],
        clientId: 'c',
        network,
        clock,
        random: new SeededRandom(2),
        config: { connectionSetupTimeoutMs: 200, connectionSetupTimeoutMaxMs: 400, requestTimeoutMs: 300 },
      });
      await assert.rejects(clock.runUntil(connecting), { kind: 'NETWORK' });
      const tookMs = (clock.nowNs() - startNs) / 1e6;
      assert.ok(tookMs <= 200 + 300 + LATE_MS, `after ${tookMs} ms`);
      await clock.settle();
      assert.equal(network.openClients, 0);
    });
  }
});
