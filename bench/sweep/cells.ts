import { usageError } from '../cli-error.ts';
import {
  type Factor,
  type FactorLevel,
  levelProperties,
  mergeProperties,
  type PropertySet,
} from './property-set.ts';

/** More than this is no sweep but a mistake; a sample of it is fine. */
const MAX_CONFIGURATIONS = 10_000;

/** One combination of levels, before anything is checked. */
export interface Cell {
  readonly factor: string | null;
  readonly level: FactorLevel | null;
  readonly number: number | null;
  readonly properties: PropertySet;
}

interface FactorDesign {
  readonly base: PropertySet;
  readonly factors: readonly Factor[];
  readonly design: 'one-factor' | 'full';
}

/** What a design measures beside its base: every level by itself, or every combination. */
export function cellsOf(design: FactorDesign): Cell[] {
  return design.design === 'full' ? gridCells(design) : oneFactorCells(design);
}

function oneFactorCells({ base, factors }: FactorDesign): Cell[] {
  return factors.flatMap(({ property, levels }) =>
    levels.map((level) => ({
      factor: property,
      level,
      number: null,
      properties: mergeProperties(base, levelProperties(property, level)),
    })),
  );
}

function gridCells(design: FactorDesign): Cell[] {
  const { base, factors } = design;
  const total = factors.reduce(
    (product, { levels }) => product * levels.length,
    factors.length === 0 ? 0 : 1,
  );
  if (total > MAX_CONFIGURATIONS) {
    throw usageError(
      `the full design of ${factors.map(({ property }) => property).join(', ')} has ${total} configurations, expected at most ${MAX_CONFIGURATIONS}: leave levels out, or use --design one-factor`,
    );
  }
  return Array.from({ length: total }, (_, index) => {
    let rest = index;
    let properties = base;
    for (const { property, levels } of factors) {
      properties = mergeProperties(properties, levelProperties(property, levels[rest % levels.length]!));
      rest = Math.floor(rest / levels.length);
    }
    return { factor: null, level: null, number: index + 1, properties };
  });
}
