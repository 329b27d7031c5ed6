import { clopperPearson } from '../../reports/statistics/clopper-pearson.ts';
import type { Interval } from '../../reports/statistics/interval.ts';
import type { Condition } from './conditions.ts';
import type { ResampledChecks } from './resample.ts';

/** What a share must be, at the unfavourable end of its interval. */
export interface Demand {
  readonly what: string;
  readonly share: number;
  readonly interval: Interval;
  readonly limit: number;
  readonly isMet: boolean;
}

const MOST_FALSE_ALARMS = 0.01;
const LEAST_POWER = { 0.05: 0.95, 0.1: 0.99 } as const;
const MOST_INCONCLUSIVE = 0.05;

/** What the gate must do under a condition, held against what it did. */
export function demandsOn({ slowdown }: Condition, result: ResampledChecks): Demand[] {
  const { checks, verdicts, regressionsWithin16 } = result;
  const inconclusive = atMost('inconclusive', verdicts.inconclusive, checks, MOST_INCONCLUSIVE);
  switch (slowdown) {
    case 0:
      return [atMost('false alarms', verdicts.regression, checks, MOST_FALSE_ALARMS), inconclusive];
    case 0.02:
      return [inconclusive];
    case 0.05:
      return [
        atLeast('found within 16 sessions', regressionsWithin16, checks, LEAST_POWER[0.05]),
        inconclusive,
      ];
    case 0.1:
      return [atLeast('found', verdicts.regression, checks, LEAST_POWER[0.1]), inconclusive];
  }
}

export function atMost(what: string, successes: number, trials: number, limit: number): Demand {
  const interval = clopperPearson(successes, trials);
  return { what, share: successes / trials, interval, limit, isMet: interval.high <= limit };
}

export function atLeast(what: string, successes: number, trials: number, limit: number): Demand {
  const interval = clopperPearson(successes, trials);
  return { what, share: successes / trials, interval, limit, isMet: interval.low >= limit };
}

export function demandText({ what, share, interval, limit, isMet }: Demand): string {
  const range = `${percent(interval.low)} to ${percent(interval.high)}`;
  return `${isMet ? 'met   ' : 'MISSED'} ${what} ${percent(share)} (95 % interval ${range}; limit ${percent(limit)})`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(share > 0.9 && share < 1 ? 4 : 2))} %`;
}
