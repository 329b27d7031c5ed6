import type { Random } from '../../core/base/random.ts';

/** Independent draws of one seed, so that one choice does not move another. */
export const STREAMS = { order: 101, sample: 102 } as const;

/** A new array in an order that the random source alone decides (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = random.nextBelow(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
