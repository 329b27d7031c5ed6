import { levelName } from '../figures/run-figures.ts';
import { type Level, levelsOf } from '../levels/levels.ts';
import type { Result } from '../result.ts';
import { settingOf, WORKLOAD_FACTORS } from '../setting.ts';

/** A level of the base's run and the one of the candidate's that it is compared with. */
export interface LevelMatch {
  /** What each run calls it: what is varied in one may be the base of the other. */
  readonly base: string;
  readonly candidate: string;
  /** Settings that differ: then nothing but the name is the same. Empty for one configuration. */
  readonly differing: readonly string[];
}

export interface LevelMatches {
  /** In the base's order. */
  readonly matches: readonly LevelMatch[];
  readonly baseAlone: readonly string[];
  readonly candidateAlone: readonly string[];
}

interface ConfiguredLevel {
  readonly name: string;
  readonly settings: ReadonlyMap<string, string>;
}

/** Levels of one configuration belong together, whatever they are called; of what is left, those of one name. */
export function matchLevels(base: Result, candidate: Result): LevelMatches {
  const own = configuredLevels(base);
  const left = new Set(configuredLevels(candidate));
  const found = new Map<ConfiguredLevel, LevelMatch>();
  const take = (level: ConfiguredLevel, twin: ConfiguredLevel | undefined): void => {
    if (twin === undefined) return;
    left.delete(twin);
    const differing = differingSettings(level, twin);
    found.set(level, { base: level.name, candidate: twin.name, differing });
  };
  for (const level of own) {
    take(
      level,
      [...left].find((other) => differingSettings(level, other).length === 0),
    );
  }
  for (const level of own.filter((one) => !found.has(one))) {
    take(
      level,
      [...left].find(({ name }) => name === level.name),
    );
  }
  return {
    matches: own.flatMap((level) => found.get(level) ?? []),
    baseAlone: own.filter((level) => !found.has(level)).map(({ name }) => name),
    candidateAlone: [...left].map(({ name }) => name),
  };
}

/** Where a cluster is says nothing about the level; which one it is, is compared apart. */
const NO_SETTING = 'bootstrap.servers';

function configuredLevels(result: Result): ConfiguredLevel[] {
  return levelsOf(result).all.map((level) => ({ name: levelName(level), settings: settingsOf(level) }));
}

function settingsOf({ trials: [trial] }: Level): Map<string, string> {
  if (trial === undefined) return new Map();
  const properties = Object.keys(trial.producer).filter((property) => property !== NO_SETTING);
  const all = [...properties, ...WORKLOAD_FACTORS].map((name) => [name, settingOf(trial, name)] as const);
  // An older version did not write down all of them.
  return new Map(all.filter(([name, text]) => text !== '' || properties.includes(name)));
}

/** Of those that both runs tell. */
function differingSettings({ settings }: ConfiguredLevel, other: ConfiguredLevel): string[] {
  return [...settings].flatMap(([name, text]) => {
    const others = other.settings.get(name);
    return others === undefined || others === text ? [] : [name];
  });
}
