import type { Level, LevelTable } from '../levels/levels.ts';
import { countText } from '../number-text.ts';
import type { Result } from '../result.ts';
import { mean } from '../statistics/averages.ts';
import type { Verdict } from './judged-ratio.ts';

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

/** What was claimed, and whether the rounds show it; null when it could not be looked at. */
export interface Claim {
  readonly verdict: Verdict | null;
  readonly text: string;
}

/** What reproduced, what did not, and what so many rounds leave open. */
export function claimSentences(claims: readonly Claim[], rounds: number): string[] {
  const sentence = (verdict: Claim['verdict'], beginning: string): string[] => {
    const texts = claims.filter((claim) => claim.verdict === verdict).map(({ text }) => text);
    return texts.length === 0 ? [] : [`${beginning}: ${texts.join('; ')}.`];
  };
  const isKnown = claims.some(({ verdict }) => verdict !== null);
  return [
    ...sentence('holds', 'Reproduced'),
    ...sentence('fails', 'Not reproduced'),
    ...sentence(
      'not decided',
      rounds === 1
        ? 'Seen in one round, which decides nothing'
        : 'Seen, but within the noise of these rounds',
    ),
    ...sentence(null, 'Not measured'),
    ...(rounds > 1 && isKnown
      ? [
          `In brackets stand 95 % intervals over ${countText(rounds)} rounds; what they do not hold clear of the claim is not called reproduced.`,
        ]
      : []),
  ];
}

/** Rounds that were measured. */
export function roundsOf({ result }: Measured): number {
  return Math.max(...result.trials.map(({ round }) => round));
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
