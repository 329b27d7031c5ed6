/** A value measured in a round. */
export interface RoundValue {
  readonly round: number;
  readonly value: number;
}

/** What a least-squares fit of rounds and levels says of each level's difference to the base. */
export interface BlockedFit {
  /** level - base; null for a level that has no value in a round of the base. */
  readonly differences: readonly (number | null)[];
  /** Variances of the differences in units of the residual variance; null as above. */
  readonly variances: readonly (number | null)[];
  /** The smallest correlation of any two differences. */
  readonly correlation: number;
  /** Of what neither round nor level explains; NaN without degrees of freedom. */
  readonly residualVariance: number;
  readonly degreesOfFreedom: number;
  /** Rounds that have the base and at least one level. */
  readonly rounds: number;
}

interface Observation {
  readonly block: number;
  /** 0 is the base. */
  readonly treatment: number;
  readonly value: number;
}

/**
 * Rounds are blocks: value = round + level + error, fitted by least squares over the rounds that have the base. Where
 * nothing is missing and the base ran b times a round, a difference is the mean over R rounds of the level minus the base's
 * mean, its variance (1 + 1/b) / R, and the correlation 1 / (1 + b); missing values make it weigh what is there.
 */
export function fitRoundsAndLevels(
  base: readonly RoundValue[],
  levels: readonly (readonly RoundValue[])[],
): BlockedFit {
  const baseRounds = new Set(base.map(({ round }) => round));
  const inRounds = levels.map((values) => values.filter(({ round }) => baseRounds.has(round)));
  const known = inRounds.flatMap((values, level) => (values.length === 0 ? [] : [level]));
  const usedRounds = new Set(inRounds.flatMap((values) => values.map(({ round }) => round)));
  const rounds = [...baseRounds].sort((a, b) => a - b);
  const blockOf = new Map(rounds.map((round, block) => [round, block]));
  const observed: Observation[] = [base, ...known.map((level) => inRounds[level]!)].flatMap(
    (values, treatment) =>
      values.map(({ round, value }) => ({ block: blockOf.get(round)!, treatment, value })),
  );
  const { effects, inverse } = solve(observed, rounds.length, known.length);
  const degreesOfFreedom = observed.length - rounds.length - known.length;
  const place = (level: number): number => known.indexOf(level);
  return {
    differences: levels.map((_, level) => effects[place(level)] ?? null),
    variances: levels.map((_, level) => inverse[place(level)]?.[place(level)] ?? null),
    correlation: smallestCorrelation(inverse),
    residualVariance: residualSum(observed, rounds.length, effects) / degreesOfFreedom,
    degreesOfFreedom,
    rounds: usedRounds.size,
  };
}

/** The normal equations with the rounds eliminated; the base's effect is 0. */
function solve(
  observed: readonly Observation[],
  blocks: number,
  treatments: number,
): { effects: number[]; inverse: number[][] } {
  const blockSizes = new Array<number>(blocks).fill(0);
  const blockSums = new Array<number>(blocks).fill(0);
  const counts = Array.from({ length: treatments }, () => new Array<number>(blocks).fill(0));
  const sums = new Array<number>(treatments).fill(0);
  for (const { block, treatment, value } of observed) {
    blockSizes[block]!++;
    blockSums[block]! += value;
    if (treatment === 0) continue;
    counts[treatment - 1]![block]!++;
    sums[treatment - 1]! += value;
  }
  const information = counts.map((row, i) =>
    counts.map((other, j) => {
      const own = i === j ? row.reduce((total, count) => total + count, 0) : 0;
      return row.reduce((left, count, block) => left - (count * other[block]!) / blockSizes[block]!, own);
    }),
  );
  const adjusted = sums.map((sum, i) =>
    counts[i]!.reduce((left, count, block) => left - (count * blockSums[block]!) / blockSizes[block]!, sum),
  );
  const inverse = inverseOf(information);
  const effects = inverse.map((row) =>
    row.reduce((total, weight, index) => total + weight * adjusted[index]!, 0),
  );
  return { effects, inverse };
}

/** Gauss and Jordan, without pivoting: what comes here is symmetric and positive definite. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let pivot = 0; pivot < size; pivot++) {
    const own = rows[pivot]!;
    const divisor = own[pivot]!;
    for (let column = 0; column < 2 * size; column++) own[column]! /= divisor;
    for (let other = 0; other < size; other++) {
      const factor = rows[other]![pivot]!;
      if (other === pivot || factor === 0) continue;
      for (let column = 0; column < 2 * size; column++) rows[other]![column]! -= factor * own[column]!;
    }
  }
  return rows.map((row) => row.slice(size));
}

function smallestCorrelation(covariance: readonly (readonly number[])[]): number {
  let smallest = 1;
  for (const [i, row] of covariance.entries()) {
    for (let j = 0; j < i; j++) {
      smallest = Math.min(smallest, row[j]! / Math.sqrt(row[i]! * covariance[j]![j]!));
    }
  }
  return smallest;
}

function residualSum(observed: readonly Observation[], blocks: number, effects: readonly number[]): number {
  const effectOf = (treatment: number): number => (treatment === 0 ? 0 : effects[treatment - 1]!);
  const sums = new Array<number>(blocks).fill(0);
  const sizes = new Array<number>(blocks).fill(0);
  for (const { block, treatment, value } of observed) {
    sums[block]! += value - effectOf(treatment);
    sizes[block]!++;
  }
  return observed.reduce(
    (total, { block, treatment, value }) =>
      total + (value - effectOf(treatment) - sums[block]! / sizes[block]!) ** 2,
    0,
  );
}
