import { jStat } from './jstat.ts';

/** The value that Student's t falls below with probability `p` (0 < p < 1). Throws RangeError outside. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a probability between 0 and 1 is needed, got ${p}`);
  checkDegreesOfFreedom(degreesOfFreedom);
  if (p === 0.5) return 0;
  return degreesOfFreedom === Number.POSITIVE_INFINITY
    ? jStat.normal.inv(p, 0, 1)
    : jStat.studentt.inv(p, degreesOfFreedom);
}

/** The chance of a value at least as far from 0 as `t`, on either side. Keeps its digits however small it is. */
export function tTwoSidedP(t: number, degreesOfFreedom: number): number {
  checkDegreesOfFreedom(degreesOfFreedom);
  if (Number.isNaN(t)) throw new RangeError('t must be a number, got NaN');
  if (t === 0) return 1;
  // The identity by the incomplete beta function: 1 - cdf would lose what lies in the tail.
  return jStat.ibeta(1 / (1 + (t * t) / degreesOfFreedom), degreesOfFreedom / 2, 0.5);
}

function checkDegreesOfFreedom(degreesOfFreedom: number): void {
  if (!(degreesOfFreedom > 0))
    throw new RangeError(`degrees of freedom must be above 0, got ${degreesOfFreedom}`);
}
