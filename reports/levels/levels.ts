import type { Result, TrialResult } from '../result.ts';
import { baseSettingOf, settingOf } from '../setting.ts';
import { FAMILY_ALPHA, STOPPED_FAMILY_ALPHA } from '../statistics/level-family.ts';
import { compareLevels, type LevelComparisons, NOT_COMPARED } from './level-comparisons.ts';
import { type HistogramSource, type LevelLatency, levelLatency } from './level-latency.ts';
import { type Spread, spreadOf } from './spread.ts';

export type { HistogramSource } from './level-latency.ts';

/** All repeats of one configuration: a row of the table. */
export interface Level extends LevelLatency {
  /** The property varied; null for the base and for cells of a grid. */
  readonly factor: string | null;
  /** The level's text; the setting of every factor for a cell of a grid. */
  readonly label: string;
  readonly isBase: boolean;
  /** The values of the varied properties, as text. */
  readonly settings: Readonly<Record<string, string>>;
  readonly trials: readonly TrialResult[];
  readonly failed: number;
  /** Means over repeats of equal windows, so total over total. */
  readonly recordsPerSecond: Spread | null;
  readonly megabytesPerSecond: Spread | null;
  /** Of the paced phase. */
  readonly requests: Spread | null;
  readonly requestsPerRecord: Spread | null;
  readonly compressionRatio: Spread | null;
  readonly cpuNsPerRecord: Spread | null;
  /** Records of the fullest partition over the mean of all. */
  readonly skew: Spread | null;
  /** Against the base, within rounds; the base's own say what its comparisons can see. */
  readonly comparisons: LevelComparisons;
  /** Over the repeats, each by itself. */
  readonly p50Spread: Spread | null;
  readonly p95Spread: Spread | null;
  readonly p99Spread: Spread | null;
  readonly latencyKind: TrialResult['latencyKind'];
  readonly pacedRate: number | null;
  readonly overloaded: boolean;
  /** acks=0: nothing is acknowledged, latency ends with the local write. */
  readonly isLocalWrite: boolean;
  readonly verified: string;
}

export interface LevelGroup {
  readonly property: string;
  /** The base first, then the other levels in order. */
  readonly levels: readonly Level[];
}

export interface LevelTable {
  readonly base: Level | null;
  /** One per factor; empty for grids and single configurations. */
  readonly groups: readonly LevelGroup[];
  /** Every level once: the base, then factor by factor; the cells of a grid. */
  readonly all: readonly Level[];
}

/** Repeats become levels. Percentiles are never averaged: histograms are merged, or one repeat speaks. */
export function levelsOf(result: Result, source: HistogramSource = () => null): LevelTable {
  const properties = result.factors.map((factor) => factor.property);
  const byKey = new Map<string, TrialResult[]>();
  for (const trial of result.trials) {
    const key =
      trial.factor === null ? settingsKey(trial, result, properties) : `${trial.factor}=${trial.level}`;
    byKey.set(key, [...(byKey.get(key) ?? []), trial]);
  }
  const measured = [...byKey.values()].map((trials) => levelOf(trials, result, properties, source));
  const base = measured.find((level) => level.isBase) ?? null;
  const groups = result.design === 'one-factor' ? groupsOf(result, measured, base) : [];
  const all = result.design === 'one-factor' ? measured : compared(measured, base, alphaOf(result));
  const others = groups.flatMap((group) => group.levels.filter((level) => !level.isBase));
  const ungrouped = all.filter(
    (level) => !level.isBase && !others.some(({ trials }) => trials === level.trials),
  );
  const first = all.filter((level) => level.isBase);
  return { base: first[0] ?? null, groups, all: [...first, ...others, ...ungrouped] };
}

function settingsKey(trial: TrialResult, result: Result, properties: readonly string[]): string {
  if (result.design === 'one-factor') return 'base';
  return JSON.stringify(properties.map((property) => settingOf(trial, property)));
}

function groupsOf(result: Result, all: readonly Level[], base: Level | null): LevelGroup[] {
  return result.factors.map(({ property, levels }) => {
    const others = all.filter((level) => level.factor === property);
    const order = (level: Level): number => {
      const value = level.settings[property] ?? '';
      const isNumeric = levels.every((text) => text.trim() !== '' && Number.isFinite(Number(text)));
      return isNumeric ? Number(value) : levels.indexOf(level.label);
    };
    others.sort((a, b) => order(a) - order(b));
    const first = base === null ? [] : [{ ...base, label: base.settings[property] ?? 'base' }];
    return { property, levels: compared([...first, ...others], first[0] ?? null, alphaOf(result)) };
  });
}

function alphaOf({ precision }: Result): number {
  return precision === undefined ? FAMILY_ALPHA : STOPPED_FAMILY_ALPHA;
}

/** The levels with what their comparison with the base among them came to. */
function compared(levels: readonly Level[], base: Level | null, alpha: number): Level[] {
  if (base === null) return [...levels];
  const others = levels.filter((level) => !level.isBase);
  const found = compareLevels(base, others, alpha);
  return levels.map((level) => ({
    ...level,
    comparisons: level.isBase ? found.base : (found.others[others.indexOf(level)] ?? NOT_COMPARED),
  }));
}

function levelOf(
  trials: readonly TrialResult[],
  result: Result,
  properties: readonly string[],
  source: HistogramSource,
): Level {
  const first = trials[0]!;
  const good = trials.filter((trial) => trial.status === 'ok');
  const settings = Object.fromEntries(properties.map((property) => [property, settingOf(first, property)]));
  const isBase =
    first.factor === null &&
    properties.every(
      (property) => settings[property] === (baseSettingOf(result, property) ?? settings[property]),
    );
  const spread = (figure: (trial: TrialResult) => number | null): Spread | null => spreadOf(good.map(figure));
  return {
    factor: first.factor,
    label: first.level ?? cellLabel(settings, isBase, result.design),
    isBase,
    settings,
    trials,
    failed: trials.length - good.length,
    recordsPerSecond: spread((trial) => trial.throughput.recordsPerSecond),
    megabytesPerSecond: spread((trial) => trial.throughput.megabytesPerSecond),
    requests: spread((trial) => trial.batches.requests),
    requestsPerRecord: spread((trial) => trial.batches.requestsPerRecord),
    compressionRatio: spread((trial) => trial.batches.compressionRatio),
    cpuNsPerRecord: spread((trial) => trial.cpuNsPerRecord),
    skew: spread(skewOf),
    comparisons: NOT_COMPARED,
    ...levelLatency(good, source),
    p50Spread: spread((trial) => trial.latencyMs.p50),
    p95Spread: spread((trial) => trial.latencyMs.p95),
    p99Spread: spread((trial) => trial.latencyMs.p99),
    latencyKind: first.latencyKind,
    pacedRate: good.find((trial) => trial.pacedRate !== null)?.pacedRate ?? null,
    overloaded: trials.some((trial) => trial.overloaded),
    isLocalWrite: String(first.producer['acks']) === '0',
    verified: verifiedText(trials),
  };
}

function cellLabel(
  settings: Readonly<Record<string, string>>,
  isBase: boolean,
  design: Result['design'],
): string {
  if (design !== 'full') return isBase ? 'base' : 'configuration';
  return Object.entries(settings)
    .map(([property, value]) => `${property}=${value}`)
    .join(' ');
}

/** Fullest partition over the mean; null with fewer than two partitions or no record in them. */
export function skewOf(trial: TrialResult): number | null {
  const counts = trial.partitions.map((partition) => partition.records);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.length < 2 || total === 0 ? null : (Math.max(...counts) * counts.length) / total;
}

const PROBLEMS = ['lost', 'duplicated', 'reordered', 'corrupted'] as const;

/** `yes`, `FAILED`, `3 lost`, `offsets only`, `not known`: the worst of the repeats. */
function verifiedText(trials: readonly TrialResult[]): string {
  const problems = PROBLEMS.flatMap((name) => {
    const count = trials.reduce((sum, trial) => sum + (trial.records[name] ?? 0), 0);
    return count > 0 ? [`${count} ${name}`] : [];
  });
  if (problems.length > 0) return problems.join(', ');
  if (trials.some((trial) => trial.status === 'failed')) return 'FAILED';
  if (trials.some((trial) => trial.verify === 'none' || trial.records.lost === null)) return 'not known';
  return trials.every((trial) => trial.verify === 'full') ? 'yes' : 'offsets only';
}
