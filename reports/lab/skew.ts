/** How unevenly records lie over partitions. */
export interface Skew {
  readonly maxOverMean: number;
  readonly gini: number;
  readonly coefficientOfVariation: number;
}

/** Of non-negative loads with at least one above zero. */
export function skewOf(loads: Float64Array): Skew {
  const count = loads.length;
  let total = 0;
  let max = 0;
  for (const load of loads) {
    total += load;
    if (load > max) max = load;
  }
  const mean = total / count;
  let squares = 0;
  for (const load of loads) squares += (load - mean) ** 2;
  return {
    maxOverMean: max / mean,
    gini: giniOf(loads, total),
    coefficientOfVariation: Math.sqrt(squares / count) / mean,
  };
}

/** `sum((2 i - n - 1) x_i) / (n sum(x))` over the loads in rising order, i from 1 (Gini's mean difference over twice the mean). */
function giniOf(loads: Float64Array, total: number): number {
  const count = loads.length;
  const rising = loads.slice().sort();
  let weighted = 0;
  for (let index = 0; index < count; index++) weighted += (2 * index + 1 - count) * rising[index]!;
  return Math.max(0, weighted / (count * total));
}
