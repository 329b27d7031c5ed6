import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { start } from './producer-bench.ts';

const CODES = [0, 0, 0, 3, 6, 7, 10, 17, 18, 19, 20, 45, 46, 47, 59, 74, 87, -1];

describe('producer: whatever the cluster does', () => {
  it('settles every record exactly once and gets all its memory back', async () => {
    const step = fc.record({
      sends: fc.nat(6),
      valueBytes: fc.constantFrom(1, 50, 150, 400),
      answer: fc.nat(CODES.length + 3),
      advanceMs: fc.constantFrom(0, 1, 10, 300, 2000),
      throttleTimeMs: fc.constantFrom(0, 0, 0, 100),
      leaders: fc.constantFrom(null, null, null, [1, 0, -1], [0, 1, 1]),
      namesLeader: fc.boolean(),
    });
    const settings = fc.record({
      acks: fc.constantFrom('0', '1', 'all'),
      lingerMs: fc.constantFrom(0, 5, 50),
      batchSize: fc.constantFrom(0, 200, 1000),
      maxInFlight: fc.constantFrom(1, 5),
      compression: fc.constantFrom('none', 'lz4'),
      isIdempotent: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(settings, fc.array(step, { maxLength: 25 }), async (chosen, steps) => {
        const bench = start(
          {
            acks: chosen.isIdempotent ? 'all' : chosen.acks,
            'enable.idempotence': `${chosen.isIdempotent}`,
            'linger.ms': chosen.lingerMs,
            'batch.size': chosen.batchSize,
            'max.in.flight.requests.per.connection': chosen.maxInFlight,
            'compression.type': chosen.compression,
            'buffer.memory': 2000,
            'max.block.ms': 1000,
            'request.timeout.ms': 1000,
            'delivery.timeout.ms': 3000,
          },
          [0, 1, -1],
        );
        const { clock, cluster, producer, told } = bench;
        let sent = 0;
        let leaderEpoch = 0;
        for (const { sends, valueBytes, answer, advanceMs, ...news } of steps) {
          if (news.leaders !== null) cluster.setTopic('t', news.leaders, undefined, ++leaderEpoch);
          for (let index = 0; index < sends; index++) {
            bench.send(`${sent++}`.padEnd(valueBytes, '.'), { partition: sent % 3 });
          }
          await clock.advance(advanceMs);
          const request = cluster.requests.shift();
          if (request === undefined) continue;
          const code = CODES[answer];
          if (code === undefined) {
            if (answer % 2 === 0) cluster.disconnect(request.nodeId);
            request.fail(answer % 2 === 0 ? 'NETWORK' : 'TIMEOUT');
          } else if (request.acks === 0) request.written();
          else {
            const currentLeader = { leaderId: news.namesLeader ? 1 : -1, leaderEpoch: ++leaderEpoch };
            const { throttleTimeMs } = news;
            request.respond(code, { throttleTimeMs, partition: { currentLeader } });
          }
        }
        cluster.setTopic('t', [1, 1, 0], undefined, ++leaderEpoch);
        cluster.answersItself = true;
        for (const request of cluster.requests.splice(0)) request.fail('NETWORK');
        await clock.runUntil(producer.close());
        await clock.settle();
        const numbers = told.map((line) => Number.parseInt(line, 10)).sort((one, other) => one - other);
        assert.deepEqual(
          numbers,
          Array.from({ length: sent }, (_, index) => index),
        );
        assert.equal(producer.bufferAvailableBytes, 2000);
        const stats = producer.stats();
        assert.equal(stats.acknowledgedRecords + stats.failedRecords, sent);
        assert.equal(clock.pendingTimers, 0);
      }),
      { numRuns: 150 },
    );
  });
});
