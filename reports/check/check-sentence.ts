import { figureText } from '../number-text.ts';
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
  const power = `(95 % power at ${percentText(detectable)})`;
  const isDefault = metric === DEFAULT_METRIC;
  const { title } = metricDefinition(metric);
  const seen = `${title} ${changeWithBounds(check)}`;
  switch (verdict) {
    case 'no regression':
      return `no regression${isDefault ? '' : ` of ${title}`} above ${percentText(margin)} ${power}`;
    case 'improvement':
      return `improvement: ${seen}`;
    case 'minor slowdown':
      return `minor slowdown: ${seen}, below the margin of ${percentText(margin)} ${power}`;
    case 'regression':
      return `regression: ${seen}, margin ${percentText(margin)}`;
    case 'inconclusive':
      return `inconclusive: ${seen}, which leaves open whether it is ${percentText(margin)} or more for the worse ${power}`;
  }
}

/** `+7.3 % (+5.1 % to +9.4 %)`. */
function changeWithBounds({ change, low, high }: Pick<Told, 'change' | 'low' | 'high'>): string {
  return `${signedPercentText(change)} (${signedPercentText(low)} to ${signedPercentText(high)})`;
}

/** `5 %`, `4.1 %`, `0.62 %`. */
export function percentText(fraction: number): string {
  const percent = fraction * 100;
  const text = Math.abs(percent) >= 10 ? percent.toFixed(0) : figureText(Number(percent.toPrecision(2)));
  return `${/\./.test(text) ? text.replace(/\.?0+$/, '') : text} %`;
}

/** `+7.3 %`, `-0.4 %`, `0.0 %`: one digit behind the point, so that columns stand in line. */
export function signedPercentText(fraction: number): string {
  const text = (fraction * 100).toFixed(1);
  if (/^-?0\.0$/.test(text)) return '0.0 %';
  return `${fraction > 0 ? '+' : ''}${text} %`;
}
