import type { Random } from '../../core/base/random.ts';

/** How ln(candidate / reference) of a session spreads. SESSION_SD is what was seen of sessions on a noisy machine with two cores. */
export const SESSION_SD = 0.019;

export interface Noise {
  readonly name: string;
  /** Of mean 0 and, but for a wider kind, standard deviation 1. */
  readonly draw: (random: Random) => number;
  /** More than what was seen: steps are as much harder to find, and only false alarms are held to the mark. */
  readonly isWider: boolean;
}

export const NOISES: readonly Noise[] = [
  { name: 'normal', draw: normal, isWider: false },
  { name: 'Laplace', draw: laplace, isWider: false },
  { name: 'heavy tails (t with 3 degrees of freedom)', draw: heavyTailed, isWider: false },
  {
    name: 'bursts (a tenth of sessions 3 times as wide, 2.5 % in all)',
    draw: (random) => normal(random) * (random.nextDouble() < 0.1 ? 3 : 1),
    isWider: true,
  },
];

function laplace(random: Random): number {
  const u = random.nextDouble() - 0.5;
  return (-Math.sign(u) * Math.log(1 - 2 * Math.abs(u))) / Math.SQRT2;
}

/** Student's t with three degrees of freedom has a variance of 3. */
function heavyTailed(random: Random): number {
  const chi = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(chi / 3) / Math.sqrt(3);
}

function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
  return radius * Math.cos(2 * Math.PI * random.nextDouble());
}
