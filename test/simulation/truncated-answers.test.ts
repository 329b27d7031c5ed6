import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiVersionsApi } from '../../core/wire/messages/api-versions.ts';
import { initProducerIdApi } from '../../core/wire/messages/init-producer-id.ts';
import { metadataApi } from '../../core/wire/messages/metadata.ts';
import { produceApi } from '../../core/wire/messages/produce.ts';
import { DELIVERY_TIMEOUT_MS, HostileBench, MAX_BLOCK_MS } from './hostile-bench.ts';

const APIS = [apiVersionsApi, metadataApi, initProducerIdApi, produceApi];
/** A producer id is asked for while the topic's metadata is: both budgets count. */
const LIMITS_MS = new Map([
  [apiVersionsApi.key, MAX_BLOCK_MS],
  [metadataApi.key, MAX_BLOCK_MS],
  [initProducerIdApi.key, MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS],
  [produceApi.key, DELIVERY_TIMEOUT_MS],
]);
const AFTERWARDS = ['closed', 'silent'] as const;

/** A producer whose broker cuts the answers of one API after some bytes: always, or only the first. */
function cutting(options: {
  readonly api: { readonly key: number };
  readonly bytes: number;
  readonly afterwards: (typeof AFTERWARDS)[number];
  readonly isAlways: boolean;
}): { bench: HostileBench; frameBytes: () => number } {
  const { api, bytes, afterwards, isAlways } = options;
  const bench = new HostileBench({ 'enable.idempotence': api === initProducerIdApi });
  let frameBytes = 0;
  bench.spoil(api, (answer, nth) => {
    if (nth > 0 && !isAlways) return false;
    frameBytes = answer.frame.length;
    answer.write(answer.frame.subarray(0, bytes));
    if (afterwards === 'closed') answer.end();
    else answer.mute();
    return true;
  });
  return { bench, frameBytes: () => frameBytes };
}

describe('producer: answers cut at every byte', () => {
  for (const api of APIS) {
    for (const afterwards of AFTERWARDS) {
      it(`${api.name}, then ${afterwards}: a typed error in time`, async () => {
        for (let bytes = 0, end = 1; bytes < end; bytes++) {
          const { bench, frameBytes } = cutting({ api, bytes, afterwards, isAlways: true });
          const { kind, tookMs } = await bench.ending();
          end = frameBytes();
          assert.ok(end > 8, 'the answer was asked for');
          const what = `${bytes} of ${end} bytes: ${kind} after ${tookMs} ms`;
          assert.match(`${kind}`, /^(TIMEOUT|NETWORK|PROTOCOL|AUTHENTICATION)$/, what);
          const limitMs = LIMITS_MS.get(api.key)!;
          assert.ok(tookMs <= limitMs + 50, what);
          await bench.finish();
        }
      });

      it(`${api.name} once, then ${afterwards}: the record is delivered all the same`, async () => {
        for (let bytes = 0, end = 1; bytes < end; bytes++) {
          const { bench, frameBytes } = cutting({ api, bytes, afterwards, isAlways: false });
          const { kind, message } = await bench.ending();
          end = frameBytes();
          assert.equal(kind, null, `${bytes} of ${end} bytes: ${message}`);
          await bench.finish();
        }
      });
    }
  }
});
