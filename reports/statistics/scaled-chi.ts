/** A point of a numerical integral and its weight; the weights of all points add up to 1. */
export interface WeightedPoint {
  readonly at: number;
  readonly weight: number;
}

const STEPS = 96;
/** What is left out on either side is below e to the minus this. */
const TAIL_EXPONENT = 36;

/**
 * The distribution of an estimated standard deviation over the true one, sqrt(chi-squared / degrees of freedom), as points
 * for the trapezoidal rule in ln s: there the density is smooth and falls off fast on both sides, so that few points are
 * exact to many digits. Without an end of degrees of freedom it is 1.
 */
export function scaledChiPoints(degreesOfFreedom: number): WeightedPoint[] {
  if (degreesOfFreedom === Number.POSITIVE_INFINITY) return [{ at: 1, weight: 1 }];
  // The density of u = ln s is proportional to exp(df (u - e^2u / 2)), highest at u = 0.
  const exponent = (u: number): number => degreesOfFreedom * (u - (Math.exp(2 * u) - 1) / 2);
  const low = edge(exponent, -1);
  const high = edge(exponent, 1);
  const step = (high - low) / STEPS;
  const points = Array.from({ length: STEPS + 1 }, (_, index) => low + index * step).map((u) => ({
    at: Math.exp(u),
    weight: Math.exp(exponent(u)),
  }));
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  return points.map(({ at, weight }) => ({ at, weight: weight / total }));
}

/** How far from 0 the exponent has fallen low enough. */
function edge(exponent: (u: number) => number, direction: 1 | -1): number {
  let far = 1e-3;
  while (exponent(direction * far) > -TAIL_EXPONENT) far *= 1.2;
  return direction * far;
}
