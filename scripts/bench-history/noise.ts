import type { Random } from '../../core/base/random.ts';

/** How ln(candidate / reference) of a session spreads. SESSION_SD is what was seen of sessions on a noisy machine with two cores. */
export const SESSION_SD = 0.019;

/** Draws of mean 0; all but the last kind with a standard deviation of 1. */
export const NOISES: Readonly<Record<string, (random: Random) => number>> = {
  normal,
  Laplace: (random) => {
    const u = random.nextDouble() - 0.5;
    return (-Math.sign(u) * Math.log(1 - 2 * Math.abs(u))) / Math.SQRT2;
  },
  // Student's t with three degrees of freedom, whose variance is 3.
  't3, heavy tails': (random) => {
    const z = normal(random);
    const chi = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
    return z / Math.sqrt(chi / 3) / Math.sqrt(3);
  },
  'bursts: a tenth of sessions 3 times as wide': (random) =>
    normal(random) * (random.nextDouble() < 0.1 ? 3 : 1),
};

function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
  return radius * Math.cos(2 * Math.PI * random.nextDouble());
}
