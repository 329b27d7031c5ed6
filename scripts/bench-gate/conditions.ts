/** What is compared, and what else runs on the machine meanwhile. */
export interface Condition {
  /** True slowdown of the candidate: 0 is A against A. */
  readonly slowdown: (typeof SLOWDOWNS)[number];
  readonly neighbour: (typeof NEIGHBOURS)[number];
}

export const SLOWDOWNS = [0, 0.02, 0.05, 0.1] as const;
export const NEIGHBOURS = ['quiet', 'bursty'] as const;

export const CONDITIONS: readonly Condition[] = NEIGHBOURS.flatMap((neighbour) =>
  SLOWDOWNS.map((slowdown) => ({ slowdown, neighbour })),
);

export function conditionText({ slowdown, neighbour }: Condition): string {
  const what = slowdown === 0 ? 'A against A' : `slower by ${Math.round(slowdown * 100)} %`;
  return `${what}, ${neighbour === 'quiet' ? 'quiet machine' : 'bursty neighbour'}`;
}

export function isSameCondition(left: Condition, right: Condition): boolean {
  return left.slowdown === right.slowdown && left.neighbour === right.neighbour;
}

export interface Entries {
  readonly base: string;
  readonly candidate: string;
}

/**
 * What the processes load, from the root of this tree. A slowed producer is wrapped, which costs CPU time by itself: its
 * base is wrapped as well and burns nothing. A against A is the producer as it ships, on both sides: false alarms are
 * those of the command as people use it.
 */
export function entriesOf({ slowdown }: Condition): Entries {
  if (slowdown === 0) return { base: PLAIN, candidate: PLAIN };
  return { base: slowedEntry(0), candidate: slowedEntry(slowdown) };
}

const PLAIN = 'core/tidemark.ts';

function slowedEntry(slowdown: number): string {
  return `scripts/bench-gate/slowed/slowed-${Math.round(slowdown * 100)}.ts`;
}
