import type { Random } from '../../core/base/random.ts';

/** How long a session does what. The durations of the gate are no option: its error rates were measured with them. */
export interface SessionPlan {
  /** Of each side, in slices that alternate. */
  readonly warmupMs: number;
  readonly warmupSliceMs: number;
  /** Of closed segments: four segments, two adjacent pairs each. */
  readonly quads: number;
  readonly closedMs: number;
  /** Of open segments, where latency is asked for. */
  readonly latencyQuads: number;
  readonly openMs: number;
  /** Of what the slower side reached in its warm-up: both must keep up with it easily. */
  readonly openRateShare: number;
}

export const SESSION_PLAN: SessionPlan = {
  warmupMs: 1500,
  warmupSliceMs: 300,
  quads: 10,
  closedMs: 100,
  latencyQuads: 4,
  openMs: 200,
  openRateShare: 0.3,
};

export type Role = 'base' | 'candidate';

/** Who is first, by the toss of a coin. */
export function drawOrder(random: Random): readonly [Role, Role] {
  return random.nextBelow(2) === 0 ? ['base', 'candidate'] : ['candidate', 'base'];
}

/**
 * The order of segments: each quad ABBA or BAAB, drawn for itself. A drift over a quad takes as much from one side as
 * from the other, and no rhythm of the machine can keep step with one of them.
 */
export function drawQuads(random: Random, quads: number): Role[] {
  return Array.from({ length: quads }, () => {
    const [outer, inner] = drawOrder(random);
    return [outer, inner, inner, outer];
  }).flat();
}
