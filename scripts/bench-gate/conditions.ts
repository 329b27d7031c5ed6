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
