import type { Random } from '../core/base/random.ts';
import { type KeyLines, readKeyLines } from './key-file.ts';
import type { KeySpec } from './trial-spec.ts';

/** Draws repeat after this many records; a power of two, so that the position is a mask. */
const ORDER_LENGTH = 1 << 17;

/** The keys of a workload and the order in which records take them. */
export interface KeyOrder {
  /** Empty when records have no key. */
  readonly keys: readonly Buffer[];
  /** Position in `keys` of the record with this sequence; -1 for one without a key. */
  keyIndexAt(sequence: number): number;
}

export function createKeyOrder(spec: KeySpec, random: Random): KeyOrder {
  if (spec.kind === 'none') return { keys: [], keyIndexAt: () => -1 };
  if (spec.kind === 'file') return orderOfFile(readKeyLines(spec.path, spec.encoding));
  const keys = Array.from({ length: spec.cardinality }, (_, index) => Buffer.from(`user-${index}`));
  const draw =
    spec.kind === 'zipf'
      ? zipfDraw(spec.cardinality, spec.exponent, random)
      : () => random.nextBelow(spec.cardinality);
  const order = Uint32Array.from({ length: ORDER_LENGTH }, draw);
  return { keys, keyIndexAt: (sequence) => order[sequence & (ORDER_LENGTH - 1)]! };
}

function orderOfFile({ keys, order }: KeyLines): KeyOrder {
  return { keys, keyIndexAt: (sequence) => order[sequence % order.length]! };
}

/** Rank r is drawn with a weight of 1 / (r + 1)^exponent, by bisection of the cumulated weights. */
function zipfDraw(cardinality: number, exponent: number, random: Random): () => number {
  const cumulated = new Float64Array(cardinality);
  let total = 0;
  for (let rank = 0; rank < cardinality; rank++) {
    total += 1 / (rank + 1) ** exponent;
    cumulated[rank] = total;
  }
  return () => {
    const point = random.nextDouble() * total;
    let low = 0;
    let high = cardinality - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulated[middle]! > point) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
