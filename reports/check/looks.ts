/**
 * When a check looks at its sessions, and which Walsh averages are its bounds then. The c are smaller than a single
 * look would need, so that over all six looks a bound is passed by chance in 1 % of checks (test/reports/check holds them
 * to that by simulation). Other numbers of sessions need other c: the table is no option.
 */
export interface Look {
  /** Sessions there are by then. */
  readonly sessions: number;
  /** Index of the lower bound among the ascending Walsh averages, and of the upper one from their end. */
  readonly c: number;
  /**
   * How many standard deviations between sessions a change must lie beyond the tolerance for this look alone to show it in
   * 95 % of checks: the 95 % quantile of -w[c] over 200,000 simulated
   * samples with normal noise (for 8 sessions exactly the 8th root of 0.95 on the normal curve).
   */
  readonly shiftFound95: number;
}

export const LOOKS: readonly Look[] = [
  { sessions: 8, c: 0, shiftFound95: 2.489 },
  { sessions: 12, c: 4, shiftFound95: 1.742 },
  { sessions: 16, c: 15, shiftFound95: 1.344 },
  { sessions: 20, c: 32, shiftFound95: 1.139 },
  { sessions: 25, c: 60, shiftFound95: 0.994 },
  { sessions: 30, c: 98, shiftFound95: 0.894 },
];

/** The looks of a check that takes no more than so many sessions. Throws RangeError when none of them is a look. */
export function looksUntil(maxSessions: number): readonly Look[] {
  const looks = LOOKS.filter(({ sessions }) => sessions <= maxSessions);
  if (looks.at(-1)?.sessions === maxSessions) return looks;
  const allowed = LOOKS.map(({ sessions }) => sessions);
  throw new RangeError(
    `got ${maxSessions}, expected one of the numbers of sessions at which a check looks: ${allowed.join(', ')}`,
  );
}
