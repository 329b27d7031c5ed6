import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KAFKA_ERRORS, kafkaErrorByCode } from '../../core/base/errors.ts';
import { encodeResponse } from '../../core/wire/framing.ts';
import { initProducerIdApi } from '../../core/wire/messages/init-producer-id.ts';
import { DELIVERY_TIMEOUT_MS, HostileBench, MAX_BLOCK_MS } from './hostile-bench.ts';
import { GOOD } from './mischief.ts';

const UNKNOWN_CODE = 9999;
const DUPLICATE_SEQUENCE_NUMBER = 46;
const CODES = [...KAFKA_ERRORS.map(({ code }) => code).filter((code) => code !== 0), UNKNOWN_CODE];
const PARTITIONS = 3;
/** What the bench gives up beside the configured times. */
const ROUNDING_MS = 60;
/** Not retriable by the table; with sequence numbers the producer may try again under a new epoch. */
const ABOUT_SEQUENCES = new Set([45, 47, 59]);

function refusing(code: number, properties: Record<string, string | boolean>, chance = 1): HostileBench {
  const bench = new HostileBench(properties, { topics: { t: PARTITIONS } });
  const produceFaults = [{ code, isAppended: false }];
  bench.cluster.mischief = { ...GOOD, produceFaultChance: chance, produceFaults };
  return bench;
}

for (const isIdempotent of [false, true]) {
  const properties = { 'enable.idempotence': isIdempotent };
  describe(`producer: errors of every code, idempotence ${isIdempotent ? 'on' : 'off'}`, () => {
    it('for every partition, always: one typed ending per record, in time', async () => {
      for (const code of CODES) {
        const bench = refusing(code, properties);
        for (let partition = 0; partition < PARTITIONS; partition++) bench.send(partition);
        await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
        const { name, retriable } = kafkaErrorByCode(code);
        assert.equal(bench.endings.length, PARTITIONS, name);
        for (const { kind, tookMs } of bench.endings) {
          const what = `${name} (${code}): ${kind} after ${tookMs} ms`;
          if (code === DUPLICATE_SEQUENCE_NUMBER) assert.equal(kind, null, what);
          else if (isIdempotent && ABOUT_SEQUENCES.has(code))
            assert.match(`${kind}`, new RegExp(`TIMEOUT|${name}`), what);
          else if (retriable) assert.match(`${kind}`, new RegExp(`TIMEOUT|${name}`), what);
          else assert.equal(kind, name, what);
          if (!retriable && !ABOUT_SEQUENCES.has(code)) assert.ok(tookMs < 100, what);
          assert.ok(tookMs <= DELIVERY_TIMEOUT_MS + ROUNDING_MS, what);
        }
        await bench.finish();
      }
    });

    it('for a while: retriable ones end with the record delivered', async () => {
      for (const code of CODES.filter((one) => kafkaErrorByCode(one).retriable)) {
        const bench = refusing(code, properties);
        bench.clock.setTimer(() => {
          bench.cluster.mischief = GOOD;
        }, 400);
        for (let partition = 0; partition < PARTITIONS; partition++) bench.send(partition);
        await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
        assert.deepEqual(
          bench.endings.map(({ kind, offset }) => [kind, offset]),
          Array.from({ length: PARTITIONS }, () => [null, 0]),
          kafkaErrorByCode(code).name,
        );
        await bench.finish();
      }
    });
  });
}

describe('producer: metadata and producer ids refused', () => {
  it('a topic with an error of every code: a typed error within max.block.ms', async () => {
    for (const code of CODES) {
      const bench = new HostileBench();
      bench.cluster.tellMetadata = (honest) => ({
        ...honest,
        topics: (honest.topics ?? []).map(({ name = null }) => ({ name, errorCode: code })),
      });
      const { kind, tookMs } = await bench.ending();
      const { name, retriable } = kafkaErrorByCode(code);
      if (retriable) assert.equal(kind, 'TIMEOUT', name);
      else assert.equal(kind, name);
      assert.ok(tookMs <= (retriable ? MAX_BLOCK_MS + ROUNDING_MS : 100), `${name} after ${tookMs} ms`);
      await bench.finish();
    }
  });

  it('a partition with an error of every code and no leader: a typed error within max.block.ms', async () => {
    for (const code of CODES) {
      const bench = new HostileBench();
      const partitions = [
        { errorCode: code, partitionIndex: 0, leaderId: -1, replicaNodes: [], isrNodes: [] },
      ];
      bench.cluster.tellMetadata = (honest) => ({
        ...honest,
        topics: (honest.topics ?? []).map(({ name = null }) => ({ name, partitions })),
      });
      const { kind, tookMs } = await bench.ending();
      assert.equal(kind, 'TIMEOUT', `${code}`);
      assert.ok(tookMs <= MAX_BLOCK_MS + ROUNDING_MS, `${code} after ${tookMs} ms`);
      await bench.finish();
    }
  });

  it('a whole response with an error of every code: a typed error within max.block.ms', async () => {
    for (const code of CODES) {
      const bench = new HostileBench({}, { metadataVersion: 13 });
      bench.cluster.tellMetadata = (honest) => ({ ...honest, errorCode: code });
      const { kind, tookMs } = await bench.ending();
      assert.match(`${kind}`, new RegExp(`TIMEOUT|${kafkaErrorByCode(code).name}`));
      assert.ok(tookMs <= MAX_BLOCK_MS + ROUNDING_MS, `${code} after ${tookMs} ms`);
      await bench.finish();
    }
  });

  it('a producer id refused with every code: a typed error within delivery.timeout.ms', async () => {
    for (const code of CODES) {
      const bench = new HostileBench({ 'enable.idempotence': true });
      bench.spoil(initProducerIdApi, (answer) => {
        const correlationId = answer.frame.readInt32BE(4);
        const refusal = encodeResponse(initProducerIdApi, initProducerIdApi.maxVersion, correlationId, {
          errorCode: code,
        });
        answer.write(Buffer.concat(refusal));
        return true;
      });
      const { kind, tookMs } = await bench.ending();
      assert.match(`${kind}`, new RegExp(`TIMEOUT|${kafkaErrorByCode(code).name}`));
      assert.ok(tookMs <= DELIVERY_TIMEOUT_MS + ROUNDING_MS, `${code} after ${tookMs} ms`);
      await bench.finish();
    }
  });
});
