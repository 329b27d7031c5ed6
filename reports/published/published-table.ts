import type { Level, LevelTable } from '../levels/levels.ts';
import type { Result } from '../result.ts';
import { mean } from '../statistics/averages.ts';

/** Published experiments that a suite may be set beside (`published:` in its file). */
export const PUBLISHED_EXPERIMENTS = ['kip-794', 'kip-480'] as const;

export type PublishedExperiment = (typeof PUBLISHED_EXPERIMENTS)[number];

export interface Measured {
  readonly result: Result;
  readonly table: LevelTable;
}

/** The level whose first trial was so; undefined when it was not measured, or did not go well. */
export function levelWith(
  { table }: Measured,
  isMeant: (producer: Readonly<Record<string, string>>, level: Level) => boolean,
): Level | undefined {
  return table.all.find((level) => {
    const producer = Object.entries(level.trials[0]!.producer).map(([name, value]) => [name, String(value)]);
    return level.trials.length > level.failed && isMeant(Object.fromEntries(producer), level);
  });
}

/** What was claimed, and whether it was seen here: null when it could not be looked at. */
export interface Claim {
  readonly isSeen: boolean | null;
  readonly text: string;
}

/** What reproduced and what did not. */
export function claimSentences(claims: readonly Claim[]): string[] {
  const texts = (isSeen: boolean | null): string =>
    claims
      .filter((claim) => claim.isSeen === isSeen)
      .map(({ text }) => text)
      .join('; ');
  const [seen, unseen, unknown] = [texts(true), texts(false), texts(null)];
  return [
    ...(seen === '' ? [] : [`Reproduced: ${seen}.`]),
    ...(unseen === '' ? [] : [`Not reproduced: ${unseen}.`]),
    ...(unknown === '' ? [] : [`Not measured: ${unknown}.`]),
  ];
}

/** Over the trials that went well; null when none has the figure. */
export function meanOf(
  level: Level | undefined,
  figure: (trial: Level['trials'][number]) => number | null,
): number | null {
  const values = (level?.trials ?? [])
    .filter(({ status }) => status === 'ok')
    .map(figure)
    .filter((value) => value !== null);
  return values.length === 0 ? null : mean(values);
}

/** null unless both are known and the second is above 0. */
export function ratioOf(value: number | null, to: number | null): number | null {
  return value === null || to === null || to <= 0 ? null : value / to;
}
