import type { CheckResult } from '../check/check-result.ts';
import type { Comparison } from '../compare/comparison.ts';
import {
  type ComparisonContext,
  figureSetOfCheck,
  figureSetOfComparison,
  figureSetOfRun,
} from '../figures/figure-set.ts';
import type { Result } from '../result.ts';
import { histogramsInDirectory, intervalsInDirectory } from '../trial-histograms.ts';
import type { CheckSource, ComparisonSource, RunSource } from './format.ts';

/** What formats make of a run: its result, and the .hlog files of its directory. */
export function runSource(result: Result, directory: string): RunSource {
  const histograms = histogramsInDirectory(directory);
  return {
    kind: 'run',
    figures: figureSetOfRun(result, histograms),
    result,
    histograms,
    intervals: intervalsInDirectory(directory),
  };
}

/** What formats make of a check. */
export function checkSource(check: CheckResult): CheckSource {
  return { kind: 'check', figures: figureSetOfCheck(check), check };
}

/** What formats make of a comparison. */
export function comparisonSource(comparison: Comparison, context: ComparisonContext): ComparisonSource {
  return { kind: 'comparison', figures: figureSetOfComparison(comparison, context), comparison };
}
