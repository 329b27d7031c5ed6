import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DELIVERY_TIMEOUT_MS, HostileBench, MAX_BLOCK_MS } from './hostile-bench.ts';

const CYCLES = 400;
/** By then code is compiled and what is kept for reuse is there. */
const WARM_UP = 200;
/** Of the heap after the warm-up: a connection kept in each cycle would take more. */
const GROWTH_BYTES = 768 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** One fault after another; every fifth cycle lets a delivery time out. */
async function cycle(bench: HostileBench, turn: number): Promise<void> {
  const broker = bench.cluster.brokers[0]!;
  const { endpoint } = broker;
  bench.send();
  switch (turn % 5) {
    case 0:
      broker.dropConnections();
      await bench.clock.advance(200);
      break;
    case 1:
      bench.network.trouble(endpoint, { silence: 'both' });
      await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
      break;
    case 2:
      bench.cluster.stopBroker(broker);
      await bench.clock.advance(500);
      bench.cluster.startBroker(broker);
      break;
    case 3:
      bench.network.trouble(endpoint, { isTrickling: true });
      await bench.clock.advance(2000);
      break;
    default:
      bench.network.trouble(endpoint, { isRefusing: true });
      broker.dropConnections();
      await bench.clock.advance(400);
  }
  bench.network.heal();
  await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
}

describe('producer: memory under faults', () => {
  for (const isIdempotent of [false, true]) {
    it(`stays flat over ${CYCLES} lost connections, idempotence ${isIdempotent ? 'on' : 'off'}`, async () => {
      const bench = new HostileBench({ 'enable.idempotence': isIdempotent });
      let heapBytes = 0;
      let mostTimers = 0;
      for (let turn = 0; turn < CYCLES; turn++) {
        await cycle(bench, turn);
        assert.equal(bench.endings.length, turn + 1, `cycle ${turn}: every record ended`);
        assert.ok(bench.network.openClients <= 2, `cycle ${turn}: ${bench.network.openClients} connections`);
        mostTimers = Math.max(mostTimers, bench.watched.pendingTimers);
        assert.equal(
          bench.producer.bufferAvailableBytes,
          bench.producer.config.bufferMemoryBytes,
          `cycle ${turn}`,
        );
        if (turn !== WARM_UP) continue;
        collectGarbage();
        heapBytes = process.memoryUsage().heapUsed;
      }
      collectGarbage();
      const grownBytes = process.memoryUsage().heapUsed - heapBytes;
      assert.ok(mostTimers <= 8, `${mostTimers} timers at once`);
      assert.ok(grownBytes < GROWTH_BYTES, `the heap grew by ${grownBytes} bytes`);
      assert.ok(bench.network.everOpened > CYCLES / 2, 'connections were lost and opened');
      await bench.finish();
    });
  }
});
