import type { Random } from '../../core/base/random.ts';
import type { Configuration } from './configurations.ts';
import { shuffle } from './shuffle.ts';

/** One run of one configuration; a null configuration is the base. */
export interface ScheduledTrial {
  readonly id: string;
  /** 1-based. */
  readonly round: number;
  readonly configuration: Configuration | null;
}

export interface RoundsOptions {
  readonly repeats: number;
  /** How often the base runs at least, all in all. */
  readonly baseRepeats: number;
  readonly random: Random;
}

/**
 * Every round holds every configuration once, in an order of its own, so that drift of the machine falls on all
 * alike. The base runs in each round, at least baseRepeats times in all, spread over the whole run; the very first
 * trial is a base, since the common rate of the paced phases comes from it.
 */
export function scheduleRounds(
  configurations: readonly Configuration[],
  options: RoundsOptions,
): ScheduledTrial[] {
  const { repeats, baseRepeats, random } = options;
  const basesPerRound = Math.max(1, Math.ceil(baseRepeats / repeats));
  const taken = new Set<string>();
  const trials: ScheduledTrial[] = [];
  for (let round = 1; round <= repeats; round++) {
    const order = shuffle(configurations, random);
    const positions = basePositions(order.length, basesPerRound, round, repeats);
    for (let position = 0, base = 0; position <= order.length; position++) {
      while (base < basesPerRound && positions[base] === position) {
        base++;
        trials.push({ id: uniqueId(`r${round}-base-${base}`, taken), round, configuration: null });
      }
      const configuration = order[position];
      if (configuration !== undefined) {
        trials.push({ id: uniqueId(idOf(round, configuration), taken), round, configuration });
      }
    }
  }
  return trials;
}

/** Before which configuration of a round each base runs (the count of them: after the last). */
function basePositions(configurations: number, bases: number, round: number, rounds: number): number[] {
  if (bases > 1)
    return Array.from({ length: bases }, (_, base) => Math.round((base * configurations) / (bases - 1)));
  if (round === 1) return [0];
  return [round === rounds ? configurations : Math.floor(configurations / 2)];
}

function idOf(round: number, { factor, level, cell }: Configuration): string {
  return factor === null ? `r${round}-cell-${String(cell).padStart(3, '0')}` : `r${round}-${factor}-${level}`;
}

const MAX_ID_LENGTH = 100;

/** Usable as a file name everywhere, also where upper and lower case are the same. */
function uniqueId(wanted: string, taken: Set<string>): string {
  const safe = wanted.replaceAll(/[^a-zA-Z0-9._-]+/g, '_').slice(0, MAX_ID_LENGTH);
  let id = safe;
  for (let number = 2; taken.has(id.toLowerCase()); number++) id = `${safe}_${number}`;
  taken.add(id.toLowerCase());
  return id;
}
