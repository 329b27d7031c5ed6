import type { Random } from '../../core/base/random.ts';
import { DEFAULT_METRIC, metricDefinition } from '../../reports/check/check-metrics.ts';
import type { CheckMetricName, CheckVerdict } from '../../reports/check/check-result.ts';
import { type Criteria, decide } from '../../reports/check/decide.ts';
import { LOOKS } from '../../reports/check/looks.ts';

export interface ResampledChecks {
  readonly checks: number;
  readonly verdicts: Readonly<Record<CheckVerdict, number>>;
  /** Regressions found by this many sessions at most. */
  readonly regressionsWithin16: number;
  readonly meanSessions: number;
}

const LAST_LOOK = LOOKS.at(-1)!.sessions;
const EARLY = 16;

const GATE_CRITERIA: Criteria = {
  direction: metricDefinition(DEFAULT_METRIC).direction,
  margin: metricDefinition(DEFAULT_METRIC).margin,
  tolerance: 0.01,
};

/** Checks whose sessions are drawn from real ones, with replacement, and decided by the product's own code. */
export function resampleChecks(
  logRatios: readonly number[],
  { checks, random, criteria = GATE_CRITERIA }: { checks: number; random: Random; criteria?: Criteria },
): ResampledChecks {
  const verdicts: Record<CheckVerdict, number> = {
    'no regression': 0,
    'minor slowdown': 0,
    regression: 0,
    improvement: 0,
    inconclusive: 0,
  };
  let sessions = 0;
  let regressionsWithin16 = 0;
  for (let check = 0; check < checks; check++) {
    const drawn: number[] = [];
    for (;;) {
      drawn.push(logRatios[random.nextBelow(logRatios.length)]!);
      const decision = decide(drawn, criteria);
      if (decision.kind === 'go on') continue;
      verdicts[decision.verdict]++;
      sessions += drawn.length;
      if (decision.verdict === 'regression' && drawn.length <= EARLY) regressionsWithin16++;
      break;
    }
    if (drawn.length > LAST_LOOK) throw new Error('a check went on after its last look');
  }
  return { checks, verdicts, regressionsWithin16, meanSessions: sessions / checks };
}

/** The metric that everything here is decided by. */
export const GATE_METRIC: CheckMetricName = DEFAULT_METRIC;
