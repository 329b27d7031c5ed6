import { createRecordPool } from '../../workers/record-source.ts';
import type { DriverLoad } from './driver-protocol.ts';
import type { LoadRecords } from './load-target.ts';

/** Payloads of text as events have it, and keys, all from the seed: both sides of a comparison send the same bytes. */
export function createLoadRecords(load: DriverLoad): LoadRecords {
  const { recordSizeBytes, poolSize, seed, keyCount = 0 } = load;
  const { payloads, keyOrder } = createRecordPool(
    {
      payload: { kind: 'fixed', sizeBytes: recordSizeBytes, poolSize },
      keys: keyCount === 0 ? { kind: 'none' } : { kind: 'uniform', cardinality: keyCount },
      headers: [],
      // Nothing is written into the values: they are as they were made.
      stamp: 'header',
      send: 'callback',
    },
    seed,
  );
  return {
    payloadAt: (sequence) => payloads[sequence % payloads.length]!,
    keyAt: (sequence) => {
      const index = keyOrder.keyIndexAt(sequence);
      return index < 0 ? null : keyOrder.keys[index]!;
    },
  };
}
