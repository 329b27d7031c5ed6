import type { Interval } from './interval.ts';
import { jStat } from './jstat.ts';

/**
 * The exact interval of a proportion seen as `successes` of `trials` (Clopper and Pearson 1934): it holds the true one at
 * least as often as `confidence` says, half of what is left on either side. 0 of 200 still allows for 1.8 %.
 */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): Interval {
  const isCount = Number.isInteger(successes) && Number.isInteger(trials);
  if (!isCount || trials < 1 || successes < 0 || successes > trials) {
    throw new RangeError(`so many of so many are needed, got ${successes} of ${trials}`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`a confidence between 0 and 1 is needed, got ${confidence}`);
  }
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : jStat.beta.inv(tail, successes, trials - successes + 1),
    high: successes === trials ? 1 : jStat.beta.inv(1 - tail, successes + 1, trials - successes),
  };
}
