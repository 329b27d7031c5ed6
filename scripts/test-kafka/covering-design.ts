/** The levels of each factor. */
export type Factors = Readonly<Record<string, readonly string[]>>;
/** One level of each factor. */
export type Combination<F extends Factors> = { readonly [Name in keyof F]: F[Name][number] };

interface Pair {
  readonly factors: readonly [string, string];
  readonly levels: readonly [string, string];
}

/**
 * Combinations in which every level of each factor meets every level of every other factor at least once: what two
 * settings do to each other shows, at a tenth of the cost of all combinations. Greedy: each combination takes up, factor
 * by factor, the level that meets most that has not met; the same factors give the same combinations.
 */
export function coveringDesign<F extends Factors>(factors: F): Combination<F>[] {
  const names = Object.keys(factors);
  const missing = new Map(allPairs(factors).map((pair) => [keyOf(pair), pair]));
  const design: Combination<F>[] = [];
  while (missing.size > 0) {
    const [pair] = missing.values();
    const chosen = new Map<string, string>([
      [pair!.factors[0], pair!.levels[0]],
      [pair!.factors[1], pair!.levels[1]],
    ]);
    for (const name of names) {
      if (chosen.has(name)) continue;
      const gain = (level: string) =>
        [...chosen].filter(([other, at]) => missing.has(keyOf(pairOf([other, at], [name, level], names))))
          .length;
      const levels = factors[name]!;
      // Which level goes first moves on, so that ties do not always give the same one.
      const turn = design.length % levels.length;
      const turned = [...levels.slice(turn), ...levels.slice(0, turn)];
      chosen.set(
        name,
        turned.reduce((best, level) => (gain(level) > gain(best) ? level : best)),
      );
    }
    const entries = [...chosen];
    for (const [index, first] of entries.entries()) {
      for (const second of entries.slice(index + 1)) missing.delete(keyOf(pairOf(first, second, names)));
    }
    design.push(Object.fromEntries(entries) as Combination<F>);
  }
  return design;
}

/** The pairs of levels that no combination of the design holds. */
export function uncoveredPairs<F extends Factors>(factors: F, design: readonly Combination<F>[]): string[] {
  return allPairs(factors)
    .filter(
      ({ factors: [first, second], levels }) =>
        !design.some((row) => row[first] === levels[0] && row[second] === levels[1]),
    )
    .map(keyOf);
}

function allPairs(factors: Factors): Pair[] {
  const names = Object.keys(factors);
  return names.flatMap((first, index) =>
    names
      .slice(index + 1)
      .flatMap((second) =>
        factors[first]!.flatMap((a) =>
          factors[second]!.map((b): Pair => ({ factors: [first, second], levels: [a, b] })),
        ),
      ),
  );
}

type Choice = readonly [factor: string, level: string];

/** In the order of the factors, so that a pair has one name. */
function pairOf(first: Choice, second: Choice, names: readonly string[]): Pair {
  const [a, b] = names.indexOf(first[0]) < names.indexOf(second[0]) ? [first, second] : [second, first];
  return { factors: [a[0], b[0]], levels: [a[1], b[1]] };
}

function keyOf({ factors, levels }: Pair): string {
  return `${factors[0]}=${levels[0]} ${factors[1]}=${levels[1]}`;
}
