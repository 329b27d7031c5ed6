import { shortPercentText, signedPercentText } from '../number-text.ts';
import { DEFAULT_METRIC, metricDefinition } from './check-metrics.ts';
import type { CheckResult } from './check-result.ts';

type Told = Pick<
  CheckResult,
  'verdict' | 'metric' | 'change' | 'low' | 'high' | 'sessions' | 'seconds' | 'detectable' | 'margin'
>;

/**
 * A check in one sentence, the verdict first and with it what could have been seen:
 * `no regression above 5 % (95 % power at 4.1 %), 8 sessions, 71 s`.
 */
export function checkSentence(check: Told): string {
  return `${verdictText(check)}, ${check.sessions} sessions, ${Math.round(check.seconds)} s`;
}

function verdictText(check: Told): string {
  const { verdict, metric, margin, detectable } = check;
  const power = `(95 % power at ${shortPercentText(detectable)})`;
  const isDefault = metric === DEFAULT_METRIC;
  const { title } = metricDefinition(metric);
  const seen = `${title} ${changeWithBounds(check)}`;
  switch (verdict) {
    case 'no regression':
      return `no regression${isDefault ? '' : ` of ${title}`} above ${shortPercentText(margin)} ${power}`;
    case 'improvement':
      return `improvement: ${seen}`;
    case 'minor slowdown':
      return `minor slowdown: ${seen}, below the margin of ${shortPercentText(margin)} ${power}`;
    case 'regression':
      return `regression: ${seen}, margin ${shortPercentText(margin)}`;
    case 'inconclusive':
      return `inconclusive: ${seen}, which leaves open whether it is ${shortPercentText(margin)} or more for the worse ${power}`;
  }
}

/** `+7.3 % (+5.1 % to +9.4 %)`. */
function changeWithBounds({ change, low, high }: Pick<Told, 'change' | 'low' | 'high'>): string {
  return `${signedPercentText(change)} (${signedPercentText(low)} to ${signedPercentText(high)})`;
}
