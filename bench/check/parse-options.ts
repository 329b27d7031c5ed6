import { nearestName } from '../../core/base/nearest-name.ts';
import type { CheckMetricName } from '../../reports/check/check-result.ts';
import { looksUntil } from '../../reports/check/looks.ts';
import { parseCount } from '../option-values.ts';

/** As the command line has them, in the order of --help. */
const METRIC_NAMES: Readonly<Record<string, CheckMetricName>> = {
  cpu: 'cpuNsPerRecord',
  throughput: 'recordsPerSecond',
  p50: 'latencyP50Ms',
  p90: 'latencyP90Ms',
  p99: 'latencyP99Ms',
};

/** `cpu`, or the name that JSON has for it. Throws a RangeError with the nearest name. */
export function parseMetric(text: string): CheckMetricName {
  const asked = text.trim();
  const short = Object.hasOwn(METRIC_NAMES, asked) ? METRIC_NAMES[asked] : undefined;
  const known = short ?? Object.values(METRIC_NAMES).find((name) => name === asked);
  if (known !== undefined) return known;
  const names = Object.keys(METRIC_NAMES);
  const nearest = nearestName(asked, [...names, ...Object.values(METRIC_NAMES)]);
  const hint = nearest === null ? '' : `did you mean ${nearest}? `;
  throw new RangeError(`got '${text}': ${hint}metrics are ${names.join(', ')}`);
}

/** `5%` to 0.05, above 0 (or from 0, where that makes sense) and below 100 %. The sign is never guessed. */
export function parsePercent(text: string, isZeroAllowed: boolean): number {
  const match = /^(\d{1,3}(?:\.\d{1,4})?)\s*%$/.exec(text.trim());
  const percent = match === null ? Number.NaN : Number(match[1]);
  if (percent < 100 && (percent > 0 || (isZeroAllowed && percent === 0))) return percent / 100;
  throw new RangeError(
    `got '${text}', expected per cent ${isZeroAllowed ? 'from 0%' : 'above 0%'} to below 100%, with the sign: 5%`,
  );
}

/** A number of sessions at which a check looks. */
export function parseMaxSessions(text: string): number {
  const count = parseCount(text, 1, 1_000_000);
  looksUntil(count);
  return count;
}
