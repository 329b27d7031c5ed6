import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf, usageError } from '../cli-error.ts';
import { parseProperties } from '../properties-file.ts';
import type { LoadedSuite } from '../suite/load-suite.ts';
import type { PropertyScalar } from '../suite/suite-schema.ts';
import {
  type Factor,
  type FactorLevel,
  levelProperties,
  mergeProperties,
  type PropertySet,
} from './property-set.ts';
import type { RunFlags } from './run-flags.ts';

export interface RunProperties {
  /** What the base sets beyond Kafka's defaults. */
  readonly base: PropertySet;
  readonly factors: readonly Factor[];
  readonly notes: readonly string[];
}

/**
 * The base and the factors of a run: defaults < suite < --producer.config < --producer-property < factors. A --set
 * with several values adds or replaces a factor; with one it fixes the base and removes that factor.
 */
export function propertiesOfRun(
  loaded: LoadedSuite,
  flags: RunFlags,
  workingDirectory: string,
): RunProperties {
  const notes: string[] = [];
  const given = mergeProperties(
    scalars(loaded, ['producer'], loaded.suite.producer),
    flags.producerConfigFile === null
      ? new Map()
      : readPropertiesFile(flags.producerConfigFile, workingDirectory),
    new Map(
      flags.producerProperties.map(({ name, value }) => [
        name,
        { text: value, origin: `--producer-property ${name}` },
      ]),
    ),
  );
  const suiteFactors = factorsOfSuite(loaded);
  const factors = new Map(suiteFactors);
  let base = withoutBootstrapServers(given, notes);
  for (const { property, levels } of flags.set) {
    const origin = `--set ${property}=${levels.join(',')}`;
    const known = suiteFactors.get(property)?.levels ?? [];
    const wanted = levels.map((text) => levelFromFlag(text, origin, known));
    factors.delete(property);
    if (wanted.length === 1) {
      base = mergeProperties(base, levelProperties(property, wanted[0]!));
    } else {
      factors.set(property, { property, levels: wanted });
    }
  }
  return { base, factors: [...factors.values()], notes };
}

// What a level of the suite brings along belongs to its meaning, so the same level named by --set brings it too.
function levelFromFlag(text: string, origin: string, known: readonly FactorLevel[]): FactorLevel {
  const along = known.find((level) => level.given.text === text)?.along ?? new Map();
  return { given: { text, origin }, along };
}

function factorsOfSuite(loaded: LoadedSuite): Map<string, Factor> {
  return new Map(
    Object.entries(loaded.suite.factors).map(([property, levels]) => [
      property,
      {
        property,
        levels: levels.map((level, index): FactorLevel => {
          const path = ['factors', property, index];
          const origin = loaded.placeOf(path);
          if (typeof level !== 'object') return { given: { text: String(level), origin }, along: new Map() };
          return {
            given: { text: String(level.value), origin },
            along: scalars(loaded, [...path, 'with'], level.with),
          };
        }),
      },
    ]),
  );
}

function scalars(
  loaded: LoadedSuite,
  path: readonly (string | number)[],
  values: Readonly<Record<string, PropertyScalar>>,
): PropertySet {
  return new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      { text: String(value), origin: loaded.placeOf([...path, name]) },
    ]),
  );
}

function readPropertiesFile(path: string, workingDirectory: string): PropertySet {
  try {
    const text = readFileSync(resolve(workingDirectory, path), 'utf8');
    return new Map(
      parseProperties(text).map(({ name, value, line }) => [
        name,
        { text: value.trim(), origin: `${path}:${line}` },
      ]),
    );
  } catch (error) {
    throw usageError(`--producer.config ${path}: ${reasonOf(error)}`);
  }
}

function withoutBootstrapServers(given: PropertySet, notes: string[]): PropertySet {
  const servers = given.get('bootstrap.servers');
  if (servers === undefined) return given;
  notes.push(
    `${servers.origin}: bootstrap.servers=${servers.text} does not select the target; --bootstrap-server does`,
  );
  return new Map([...given].filter(([name]) => name !== 'bootstrap.servers'));
}
