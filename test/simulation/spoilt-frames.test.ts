import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiVersionsApi } from '../../core/wire/messages/api-versions.ts';
import { initProducerIdApi } from '../../core/wire/messages/init-producer-id.ts';
import { metadataApi } from '../../core/wire/messages/metadata.ts';
import { produceApi } from '../../core/wire/messages/produce.ts';
import { DELIVERY_TIMEOUT_MS, HostileBench, MAX_BLOCK_MS } from './hostile-bench.ts';
import { GOOD } from './mischief.ts';
import type { OutgoingAnswer } from './model-session.ts';

const APIS = [apiVersionsApi, metadataApi, initProducerIdApi, produceApi];
const TYPED = /^(TIMEOUT|NETWORK|PROTOCOL|AUTHENTICATION|UNSUPPORTED_VERSION)$/;
const IN_TIME_MS = MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS;
/** Far above what a producer needs, far below what the lengths announce. */
const MEMORY_BYTES = 32 * 1024 * 1024;

function withLength(frame: Buffer, length: number): Buffer {
  const spoilt = Buffer.from(frame);
  spoilt.writeInt32BE(length, 0);
  return spoilt;
}

function withCorrelationId(frame: Buffer, change: number): Buffer {
  const spoilt = Buffer.from(frame);
  spoilt.writeInt32BE((spoilt.readInt32BE(4) + change) | 0, 4);
  return spoilt;
}

const LENGTHS: Readonly<Record<string, (frame: Buffer) => number>> = {
  '-1': () => -1,
  'the smallest int32': () => -0x8000_0000,
  '2^31-1': () => 0x7fff_ffff,
  'one byte above the bound': () => 100 * 1024 * 1024 + 1,
  '0': () => 0,
  '3, which holds no header': () => 3,
  'one too many': (frame) => frame.length - 4 + 1,
  'one too few': (frame) => frame.length - 4 - 1,
};

for (const api of APIS) {
  const properties = { 'enable.idempotence': api === initProducerIdApi };

  describe(`producer: spoilt ${api.name} answers`, () => {
    for (const [name, lengthOf] of Object.entries(LENGTHS)) {
      it(`a length of ${name}: a typed error in time, no memory for it`, async () => {
        const bench = new HostileBench(properties);
        bench.spoil(api, (answer) => {
          answer.write(withLength(answer.frame, lengthOf(answer.frame)));
          answer.mute();
          return true;
        });
        const before = process.memoryUsage().arrayBuffers;
        const { kind, tookMs } = await bench.ending();
        assert.match(`${kind}`, TYPED);
        assert.ok(tookMs <= IN_TIME_MS, `after ${tookMs} ms`);
        assert.ok(process.memoryUsage().arrayBuffers - before < MEMORY_BYTES);
        await bench.finish();
      });
    }

    for (const change of [1, -1, 0x4000_0000]) {
      it(`a correlation id off by ${change}: a typed error in time`, async () => {
        const bench = new HostileBench(properties);
        bench.spoil(api, (answer) => {
          answer.write(withCorrelationId(answer.frame, change));
          return true;
        });
        const { kind, tookMs } = await bench.ending();
        assert.match(`${kind}`, TYPED);
        assert.ok(tookMs <= IN_TIME_MS, `after ${tookMs} ms`);
        await bench.finish();
      });
    }

    it('an answer that nobody asked for beside each: every record ends once, nothing hangs', async () => {
      const bench = new HostileBench(properties);
      bench.spoil(api, (answer) => {
        answer.write(Buffer.concat([withCorrelationId(answer.frame, 1000), answer.frame]));
        return true;
      });
      const { kind } = await bench.ending();
      assert.match(`${kind}`, TYPED);
      await bench.finish();
    });

    it('rubbish instead: a typed error in time', async () => {
      for (let fill = 0; fill < 256; fill += 15) {
        const bench = new HostileBench(properties);
        bench.spoil(api, (answer) => {
          answer.write(Buffer.alloc(300, fill));
          return true;
        });
        const { kind } = await bench.ending();
        assert.match(`${kind}`, TYPED, `filled with ${fill}`);
        await bench.finish();
      }
    });
  });
}

for (const isIdempotent of [false, true]) {
  describe(`producer: acknowledgements gone wrong, idempotence ${isIdempotent ? 'on' : 'off'}`, () => {
    const properties = { 'enable.idempotence': isIdempotent };

    it('answers out of order are told to no wrong record', async () => {
      const bench = new HostileBench(properties);
      const held: OutgoingAnswer[] = [];
      bench.spoil(produceApi, (answer, nth) => {
        if (nth > 1) return false;
        held.push(answer);
        if (nth === 1) for (const each of held.reverse()) each.write(each.frame);
        return true;
      });
      bench.send();
      await bench.clock.advance(20);
      bench.send();
      await bench.clock.advance(IN_TIME_MS);
      assert.equal(held.length, 2, 'both were held');
      const log = bench.cluster.logOf('t', 0)!.records.map(({ id }) => `${id}`);
      assert.equal(bench.endings.length, 2);
      for (const { kind, record, offset } of bench.endings) {
        if (kind === null) assert.equal(log[offset], record);
        else assert.match(kind, TYPED);
      }
      await bench.finish();
    });

    it('an answer that comes twice settles no record twice', async () => {
      const bench = new HostileBench(properties);
      bench.spoil(produceApi, (answer) => {
        answer.write(Buffer.concat([answer.frame, answer.frame]));
        return true;
      });
      for (let count = 0; count < 5; count++) {
        bench.send();
        await bench.clock.advance(100);
      }
      await bench.clock.advance(IN_TIME_MS);
      assert.deepEqual(
        bench.endings.map(({ kind, offset }) => [kind, offset]),
        [0, 1, 2, 3, 4].map((offset) => [null, offset]),
      );
      await bench.finish();
    });

    it('an answer long after request.timeout.ms comes to nobody', async () => {
      const bench = new HostileBench(properties);
      bench.spoil(produceApi, (answer, nth) => {
        if (nth > 0) return false;
        bench.clock.setTimer(() => answer.write(answer.frame), 900);
        return true;
      });
      const { kind, tookMs } = await bench.ending();
      assert.equal(kind, null);
      assert.ok(tookMs >= 300 && tookMs < 900, `after ${tookMs} ms`);
      const copies = bench.cluster.logOf('t', 0)!.records.length;
      assert.equal(copies, isIdempotent ? 1 : 2);
      await bench.finish();
    });
  });
}

describe('producer: acks=0', () => {
  it('is answered: each record is settled once, and the producer goes on over new connections', async () => {
    const bench = new HostileBench({ acks: '0' });
    bench.cluster.mischief = { ...GOOD, unaskedAnswerChance: 1 };
    for (let count = 0; count < 20; count++) {
      bench.send();
      await bench.clock.advance(200);
    }
    assert.equal(bench.endings.length, 20);
    for (const { kind, offset } of bench.endings) {
      assert.equal(kind, null);
      assert.equal(offset, -1);
    }
    assert.equal(bench.cluster.logOf('t', 0)!.records.length, 20);
    await bench.finish();
  });
});
