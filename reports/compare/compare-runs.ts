import type { Figure } from '../figures/figures.ts';
import { metricLabel } from '../figures/metrics.ts';
import { figureSetOfRun } from '../figures/run-figures.ts';
import type { HistogramSource } from '../levels/level-latency.ts';
import type { Result } from '../result.ts';
import { compareFigures, type FigurePair } from './compare-figures.ts';
import type { Comparison } from './comparison.ts';
import { type LevelMatch, matchLevels } from './match-levels.ts';

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

/**
 * Two stored runs, level by level, as far as both have it; rows have the base's names. `notes` come first among the
 * comparison's own.
 */
export function compareRuns(base: StoredRun, candidate: StoredRun, notes: readonly string[]): Comparison {
  const sides = { base: figuresOf(base), candidate: figuresOf(candidate) };
  const { matches } = matchLevels(base.result, candidate.result);
  const pairs = pairsOf(sides.base, sides.candidate, matches);
  const rows = compareFigures(pairs.both);
  return {
    base: base.label,
    candidate: candidate.label,
    evidence: 'stored',
    rows,
    notes: [
      ...notes,
      ...matchNotes(matches),
      ...missingNotes(pairs.onlyOne),
      ...failureNotes(base),
      ...failureNotes(candidate),
      ...unmergedNotes(base, sides.base),
      ...unmergedNotes(candidate, sides.candidate),
      ...overloadNotes(base, sides.base),
      ...overloadNotes(candidate, sides.candidate),
      ...fewTrialsNote(rows.map(({ n }) => n)),
      familyNote(rows.map(({ level }) => level)),
      STORED_NOTE,
    ],
  };
}

/** Why two runs have no figure in common: no level, or none that was measured in both. */
export function missingReasons(base: StoredRun, candidate: StoredRun): string[] {
  const { matches } = matchLevels(base.result, candidate.result);
  if (matches.length === 0) return ['no level of the one is in the other'];
  const { onlyOne } = pairsOf(figuresOf(base), figuresOf(candidate), matches);
  return [...missingNotes(onlyOne), ...failureNotes(base), ...failureNotes(candidate)];
}

const STORED_NOTE =
  'stored runs are the weaker kind of evidence: the machine itself may have changed between them, and the level of a session alone was seen to vary by 7 % (SD), which made 27 % false alarms. Measured side by side: tidemark compare --base X --candidate Y, or tidemark check';

export function figuresOf({ result, histograms }: StoredRun): readonly Figure[] {
  return figureSetOfRun(result, histograms).figures;
}

interface Pairs {
  readonly both: readonly FigurePair[];
  readonly onlyOne: readonly { readonly pair: FigurePair; readonly missing: 'base' | 'candidate' }[];
}

/** By metric, then by level in the base's order. */
function pairsOf(
  base: readonly Figure[],
  candidate: readonly Figure[],
  matches: readonly LevelMatch[],
): Pairs {
  const hasFigures = (side: readonly Figure[], name: string): boolean =>
    side.some(({ level }) => level === name);
  const shared = matches.filter(
    (match) => hasFigures(base, match.base) && hasFigures(candidate, match.candidate),
  );
  const both: FigurePair[] = [];
  const onlyOne: { pair: FigurePair; missing: 'base' | 'candidate' }[] = [];
  for (const metric of COMPARED) {
    for (const match of shared) {
      const find = (side: readonly Figure[], name: string): Figure | null =>
        side.find((one) => one.metric === metric && one.level === name) ?? null;
      const sides = { base: find(base, match.base), candidate: find(candidate, match.candidate) };
      const pair = { metric, level: match.base, ...sides };
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

/** Whose names differ, and whose configurations do. */
function matchNotes(matches: readonly LevelMatch[]): string[] {
  const renamed = matches.filter(
    ({ base, candidate, differing }) => differing.length === 0 && base !== candidate,
  );
  const byName = matches.filter(({ differing }) => differing.length > 0);
  const groups = Map.groupBy(byName, ({ differing }) => differing.join(', '));
  return [
    ...renamed.map(
      ({ base, candidate }) => `${base}: the same configuration is ${candidate} in the candidate`,
    ),
    ...[...groups].map(
      ([settings, levels]) =>
        `${levels.map(({ base }) => base).join(', ')}: compared by name alone, the configurations differ in ${settings}`,
    ),
  ];
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
  const { trials } = result;
  const failed = trials.filter(({ status }) => status === 'failed').length;
  // What failed is told once; what lost records has figures nevertheless.
  const spoilt = figureSetOfRun(result).failures.length - failed;
  return [
    ...(failed === 0
      ? []
      : [`${failed} of ${trials.length} trials of ${label} failed: no figure stands for them`]),
    ...(spoilt === 0
      ? []
      : [
          `${spoilt} of ${trials.length} trials of ${label} lost, doubled, reordered or spoilt records: do not trust its figures`,
        ]),
  ];
}

/** The merged trials of one side beside the middle one of the other are not the same figure. */
function unmergedNotes({ label }: StoredRun, figures: readonly Figure[]): string[] {
  if (!figures.some(({ remark }) => remark?.includes('middle repeat'))) return [];
  return [
    `the histograms of ${label} cannot be read: its percentiles are those of the middle trial by p99, not of all trials`,
  ];
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
    `${fewest} trials a side seldom find a difference of 5 %: run with --repeats 5 or more to see smaller ones`,
  ];
}

function familyNote(levels: readonly (string | null)[]): string {
  const count = new Set(levels).size;
  const family =
    count > 1 ? `, and ~ what is not below 5 % by Holm's procedure over the ${count} levels of a metric` : '';
  return `p and interval are each row's own, by Welch's t on logarithms${family}`;
}
