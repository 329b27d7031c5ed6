import type { PrecisionOutcome, TrialResult } from '../../reports/result.ts';
import type { RoundValue } from '../../reports/statistics/blocked-fit.ts';
import { compareWithBase, STOPPED_FAMILY_ALPHA } from '../../reports/statistics/level-family.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { isBaseTrial } from '../sweep/plan.ts';
import { FEWEST_ROUNDS } from '../sweep/precision.ts';
import type { JournalEntry, JournalHeader } from './journal.ts';

interface RunSoFar {
  readonly header: Pick<JournalHeader, 'plan'>;
  readonly entries: readonly JournalEntry[];
}

/**
 * The trials of the plan that the run needs: all of them, or with --precision those of the rounds up to the first, from
 * the fifth on, after which every comparison is narrow enough. It follows from the plan and the finished trials alone, so
 * that a resumed run, and whoever reads the journal, comes to the same end.
 */
export function neededTrials(run: RunSoFar): readonly TrialSpec[] {
  const { trials } = run.header.plan;
  const outcome = precisionOf(run);
  return outcome?.isReached === true ? trials.filter(({ round }) => round <= outcome.rounds) : trials;
}

/** How many of them are not finished. */
export function trialsLeft(run: RunSoFar): number {
  return neededTrials(run).length - run.entries.length;
}

/** Where --precision stands after the rounds that are finished; null without it. */
export function precisionOf({ header: { plan }, entries }: RunSoFar): PrecisionOutcome | null {
  const wanted = plan.precision;
  if (wanted === undefined) return null;
  const results = new Map(entries.map(({ result }) => [result.id, result]));
  const finished = finishedRounds(plan.trials, results);
  let reached: number | null = null;
  for (let rounds = Math.min(FEWEST_ROUNDS, finished); rounds <= finished; rounds++) {
    reached = widestInterval(plan.trials, results, rounds);
    if (rounds >= FEWEST_ROUNDS && reached !== null && reached <= wanted) {
      return { wanted, reached, rounds, isReached: true };
    }
  }
  return { wanted, reached, rounds: finished, isReached: false };
}

function finishedRounds(trials: readonly TrialSpec[], results: ReadonlyMap<string, TrialResult>): number {
  const open = trials.filter(({ id }) => !results.has(id)).map(({ round }) => round);
  return open.length === 0 ? Math.max(...trials.map(({ round }) => round)) : Math.min(...open) - 1;
}

/** Half of the widest interval of ln(level / base) in records/s over all factors' families; null without one. */
function widestInterval(
  trials: readonly TrialSpec[],
  results: ReadonlyMap<string, TrialResult>,
  rounds: number,
): number | null {
  const base: RoundValue[] = [];
  const families = new Map<string, Map<string, RoundValue[]>>();
  for (const spec of trials) {
    const result = spec.round <= rounds ? results.get(spec.id) : undefined;
    const value = result?.status === 'ok' ? result.throughput.recordsPerSecond : null;
    if (value === null) continue;
    if (isBaseTrial(spec)) base.push({ round: spec.round, value });
    else valuesOf(families, spec).push({ round: spec.round, value });
  }
  const widths = [...families.values()].flatMap((levels) =>
    compareWithBase(base, [...levels.values()], STOPPED_FAMILY_ALPHA).map((versus) =>
      versus === null || versus.low === null || versus.high === null
        ? null
        : Math.log(versus.high / versus.low) / 2,
    ),
  );
  const known = widths.filter((width): width is number => width !== null);
  return known.length === 0 || known.length < widths.length ? null : Math.max(...known);
}

/** Of one level; the cells of a grid are one family. */
function valuesOf(families: Map<string, Map<string, RoundValue[]>>, spec: TrialSpec): RoundValue[] {
  const family = spec.factor ?? '';
  const level = spec.factor === null ? spec.id.replace(/^r\d+-/, '') : (spec.level ?? '');
  const levels = families.get(family) ?? new Map<string, RoundValue[]>();
  families.set(family, levels);
  const values = levels.get(level) ?? [];
  levels.set(level, values);
  return values;
}
