/**
 * p values of a family, adjusted by Holm's step-down procedure: at most 5 % of families in which nothing differs have
 * one below 0.05, however the values depend on each other. In the order given.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = largest;
  }
  return adjusted;
}
