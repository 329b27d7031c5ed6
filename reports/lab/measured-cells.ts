import { compareLevels, type LevelComparisons } from '../levels/level-comparisons.ts';
import type { Level, LevelTable } from '../levels/levels.ts';
import { countText, partitionsText } from '../number-text.ts';
import type { Result } from '../result.ts';
import { baseSettingOf, settingOf } from '../setting.ts';
import { FAMILY_ALPHA, STOPPED_FAMILY_ALPHA } from '../statistics/level-family.ts';

const PARTITIONER = 'partitioner.class';

/** The partitioners measured with one number of partitions at one rate: what may be compared with each other. */
export interface MeasuredCell {
  readonly partitions: number;
  /** As it was asked for: `30%`, `5000`; '' where the suite's own was kept. */
  readonly rate: string;
  /** `12 partitions, paced at 30% of the maximum of keyed`. */
  readonly title: string;
  /** Named by partitioner, and compared with the base's partitioner in this cell, which comes first. */
  readonly levels: readonly Level[];
  /** Of a family of comparisons. */
  readonly alpha: number;
}

/** A run's levels by number of partitions and rate; empty where no partitioner was varied. */
export function measuredCells(result: Result, { all }: LevelTable): MeasuredCell[] {
  if (!result.factors.some(({ property }) => property === PARTITIONER)) return [];
  const byCell = new Map<string, Level[]>();
  for (const level of all) {
    const key = JSON.stringify([partitionsOf(level), rateOf(level)]);
    byCell.set(key, [...(byCell.get(key) ?? []), level]);
  }
  const base = baseSettingOf(result, PARTITIONER) ?? '';
  const alpha = result.precision === undefined ? FAMILY_ALPHA : STOPPED_FAMILY_ALPHA;
  return [...byCell.values()].map((levels) => {
    const partitions = partitionsOf(levels[0]!);
    const rate = rateOf(levels[0]!);
    const title = `${partitionsText(partitions)}${rateText(rate, base)}`;
    return { partitions, rate, title, alpha, levels: inOrder(result, levels, { base, alpha }) };
  });
}

/** What each of `levels` comes to against `reference`, as one family. */
export function comparedWith(
  reference: Level,
  levels: readonly Level[],
  alpha: number,
): readonly LevelComparisons[] {
  return compareLevels(reference, levels, alpha).others;
}

export function hasFigures({ trials, failed }: Level): boolean {
  return trials.length > failed;
}

function inOrder(
  { factors }: Result,
  levels: readonly Level[],
  { base, alpha }: { readonly base: string; readonly alpha: number },
): Level[] {
  const order = factors.find(({ property }) => property === PARTITIONER)?.levels ?? [];
  const named = levels
    .map((level): Level => {
      const label = settingOf(level.trials[0]!, PARTITIONER);
      return { ...level, label, settings: { [PARTITIONER]: label }, isBase: label === base };
    })
    .sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label));
  const first = named.find(({ isBase }) => isBase);
  if (first === undefined) return named;
  const others = named.filter((level) => level !== first);
  const found = compareLevels(first, others, alpha);
  return [
    { ...first, comparisons: found.base },
    ...others.map((level, index) => ({ ...level, comparisons: found.others[index]! })),
  ];
}

function partitionsOf({ trials }: Level): number {
  return trials[0]!.topic.partitions;
}

function rateOf({ trials }: Level): string {
  return trials[0]!.workload?.rate ?? '';
}

function rateText(rate: string, base: string): string {
  if (rate === '') return '';
  if (!rate.endsWith('%')) return `, paced at ${countText(Number(rate))} records/s`;
  return `, paced at ${rate.slice(0, -1)} % of what ${base} reaches`;
}
