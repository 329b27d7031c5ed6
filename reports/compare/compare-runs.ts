import type { Figure } from '../figures/figures.ts';
import { metricLabel } from '../figures/metrics.ts';
import { figureSetOfRun } from '../figures/run-figures.ts';
import type { HistogramSource } from '../levels/level-latency.ts';
import type { Result } from '../result.ts';
import { compareFigures, type FigurePair } from './compare-figures.ts';
import type { Comparison } from './comparison.ts';

/** A run that lies on the disk. */
export interface StoredRun {
  /** As the user named it. */
  readonly label: string;
  readonly result: Result;
  readonly histograms: HistogramSource;
}

/** Each further metric is one more that may differ by chance: these tell all that others repeat. */
const COMPARED = [
  'recordsPerSecond',
  'latencyP50Ms',
  'latencyP99Ms',
  'cpuNsPerRecord',
  'requestsPerRecord',
  'compressionRatio',
] as const;

const FEW_TRIALS = 4;

/** Two stored runs, level by level, as far as both have it. `notes` come first among the comparison's own. */
export function compareRuns(base: StoredRun, candidate: StoredRun, notes: readonly string[]): Comparison {
  const sides = { base: figuresOf(base), candidate: figuresOf(candidate) };
  const pairs = pairsOf(sides.base, sides.candidate);
  const rows = compareFigures(pairs.both);
  return {
    base: base.label,
    candidate: candidate.label,
    evidence: 'stored',
    rows,
    notes: [
      ...notes,
      ...missingNotes(pairs.onlyOne),
      ...failureNotes(base),
      ...failureNotes(candidate),
      ...overloadNotes(base, sides.base),
      ...overloadNotes(candidate, sides.candidate),
      ...fewTrialsNote(rows.map(({ n }) => n)),
      familyNote(rows.map(({ level }) => level)),
      STORED_NOTE,
    ],
  };
}

const STORED_NOTE =
  'stored runs are the weaker kind of evidence: the machine itself may have changed between them, and the level of a session alone was seen to vary by 7 % (SD), which made 27 % false alarms. Measured side by side: tidemark compare --base X --candidate Y, or tidemark check';

function figuresOf({ result, histograms }: StoredRun): readonly Figure[] {
  return figureSetOfRun(result, histograms).figures;
}

interface Pairs {
  readonly both: readonly FigurePair[];
  readonly onlyOne: readonly { readonly pair: FigurePair; readonly missing: 'base' | 'candidate' }[];
}

/** By metric, then by level in the base's order. */
function pairsOf(base: readonly Figure[], candidate: readonly Figure[]): Pairs {
  const levels = new Set([...base, ...candidate].map(({ level }) => level));
  const shared = new Set(
    [...levels].filter((level) => [base, candidate].every((side) => side.some((one) => one.level === level))),
  );
  const both: FigurePair[] = [];
  const onlyOne: { pair: FigurePair; missing: 'base' | 'candidate' }[] = [];
  for (const metric of COMPARED) {
    for (const level of shared) {
      const find = (side: readonly Figure[]): Figure | null =>
        side.find((one) => one.metric === metric && one.level === level) ?? null;
      const pair = { metric, level, base: find(base), candidate: find(candidate) };
      if (pair.base === null && pair.candidate === null) continue;
      if (pair.base !== null && pair.candidate !== null) both.push(pair);
      else onlyOne.push({ pair, missing: pair.base === null ? 'base' : 'candidate' });
    }
  }
  return { both: both.filter(({ metric }) => isTold(metric, both)), onlyOne };
}

/** Without compression on either side its ratio is 1 everywhere, and says nothing. */
function isTold(metric: string, pairs: readonly FigurePair[]): boolean {
  if (metric !== 'compressionRatio') return true;
  const ratios = pairs.filter((pair) => pair.metric === metric);
  return ratios.some(({ base, candidate }) => base?.value !== 1 || candidate?.value !== 1);
}

function missingNotes(onlyOne: Pairs['onlyOne']): string[] {
  return onlyOne.map(({ pair, missing }) => {
    const why = pair.metric.startsWith('latency')
      ? ' (fewer than ten requests beyond it, or none measured)'
      : '';
    return `${metricLabel(pair.metric)} of ${pair.level} does not exist in the ${missing}${why}: left out`;
  });
}

function failureNotes({ label, result }: StoredRun): string[] {
  const failed = result.trials.filter(({ status }) => status === 'failed').length;
  if (failed === 0) return [];
  return [`${failed} of ${result.trials.length} trials of ${label} failed: no figure stands for them`];
}

function overloadNotes({ label }: StoredRun, figures: readonly Figure[]): string[] {
  const levels = new Set(
    figures.filter(({ remark }) => remark?.includes('overloaded')).map(({ level }) => level),
  );
  if (levels.size === 0) return [];
  return [
    `overloaded in ${label}: ${[...levels].join(', ')}; latency there grows with the length of the phase`,
  ];
}

function fewTrialsNote(counts: readonly number[]): string[] {
  const fewest = Math.min(...counts);
  if (counts.length === 0 || fewest >= FEW_TRIALS) return [];
  if (fewest < 2) return ['one trial a side has no interval and no p: run with --repeats 5 or more'];
  return [
    `${fewest} trials a side find a difference of 5 % about one time in five: run with --repeats 5 or more to see smaller ones`,
  ];
}

function familyNote(levels: readonly (string | null)[]): string {
  const count = new Set(levels).size;
  const family =
    count > 1 ? `, and ~ what is not below 5 % by Holm's procedure over the ${count} levels of a metric` : '';
  return `p and interval are each row's own, by Welch's t on logarithms${family}`;
}
