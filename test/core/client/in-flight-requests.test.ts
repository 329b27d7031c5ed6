import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { type InFlightRequest, InFlightRequests } from '../../../core/client/in-flight-requests.ts';

interface Expected {
  readonly id: number;
  isWritten: boolean;
  isEnded: boolean;
}

const operation = fc.constantFrom('push', 'push', 'write', 'answer', 'answer late');

it('in-flight requests keep their order however pushes, writes and answers interleave', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200, size: 'max' }), (operations) => {
      const ring = new InFlightRequests();
      const all: Expected[] = [];
      let id = 0;
      let writesTold = 0;
      const oldest = () => all.find((each) => !each.isEnded);
      const idOf = (request: InFlightRequest | null) => request?.correlationId;
      for (const what of operations) {
        if (what === 'push') {
          Object.assign(ring.push(), {
            correlationId: ++id,
            sentNs: id,
            timeoutMs: 0,
            callbacks: { onResponse() {} },
          });
          all.push({ id, isWritten: false, isEnded: false });
        } else if (what === 'write' && writesTold < all.length) {
          const expected = all[writesTold++]!;
          const told = ring.nextWritten();
          assert.equal(
            told?.callbacks == null ? undefined : told.correlationId,
            expected.isEnded ? undefined : expected.id,
          );
          expected.isWritten = true;
          // Every third waits for no response and ends here.
          if (!expected.isEnded && expected.id % 3 === 0) {
            ring.end(told!);
            expected.isEnded = true;
          }
        } else if (what.startsWith('answer')) {
          const expected = oldest();
          if (expected === undefined || (what === 'answer' && !expected.isWritten)) continue;
          ring.end(ring.oldest()!);
          expected.isEnded = true;
        }
        assert.equal(idOf(ring.oldest()), oldest()?.id);
        assert.equal(ring.size, all.filter((each) => !each.isEnded).length);
        assert.equal(ring.earliestDeadlineNs(), oldest()?.id ?? Number.POSITIVE_INFINITY);
      }
    }),
    { numRuns: 300 },
  );
});
