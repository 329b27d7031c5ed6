import { isPassword, isShowable } from '../../core/producer/config/options.ts';
import { isWorkloadFactor } from '../../reports/setting.ts';
import { usageError } from '../cli-error.ts';
import { readPropertiesFile } from '../read-properties-file.ts';
import type { LoadedSuite } from '../suite/loaded-suite.ts';
import type { PropertyScalar } from '../suite/suite-schema.ts';
import {
  type Factor,
  type FactorLevel,
  type GivenProperty,
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
    propertiesOfFlags(flags, workingDirectory, notes),
  );
  const suiteFactors = factorsOfSuite(loaded);
  const factors = new Map(suiteFactors);
  let base = withoutSerializers(withoutBootstrapServers(given, flags.bootstrapServer, notes), notes);
  for (const { property, levels } of flags.set) {
    const isShown = isWorkloadFactor(property) || isShowable(property);
    const origin = isShown ? `--set ${property}=${levels.join(',')}` : `--set ${property}`;
    const known = suiteFactors.get(property)?.levels ?? [];
    const wanted = levels.map((text) => levelFromFlag(text, origin, known));
    factors.delete(property);
    if (wanted.length === 1) {
      base = mergeProperties(base, levelProperties(property, wanted[0]!));
    } else {
      factors.set(property, { property, levels: wanted });
    }
  }
  refuseVariedSecrets([...factors.values()]);
  return { base, factors: [...factors.values()], notes };
}

/** What --producer.config and --producer-property say, the latter over the former. */
export function propertiesOfFlags(
  { producerConfigFile, producerProperties }: Pick<RunFlags, 'producerConfigFile' | 'producerProperties'>,
  workingDirectory: string,
  notes: string[],
): PropertySet {
  const found = new Map<string, GivenProperty>();
  if (producerConfigFile !== null) {
    const read = readPropertiesFile('--producer.config', producerConfigFile, workingDirectory);
    notes.push(...read.notes);
    for (const { name, value, line } of read.properties) {
      found.set(name, { text: value.trim(), origin: `${producerConfigFile}:${line}` });
    }
  }
  const flagged = new Set<string>();
  for (const { name, value } of producerProperties) {
    if (flagged.has(name)) notes.push(`--producer-property ${name} is given twice: the last one counts`);
    flagged.add(name);
    found.set(name, { text: value, origin: `--producer-property ${name}` });
  }
  return found;
}

// Levels are names: they stand in tables, file names and findings.
function refuseVariedSecrets(factors: readonly Factor[]): void {
  const problems = factors.flatMap(({ property, levels }) =>
    levels.flatMap(({ given, along }) => {
      const names = [property, ...along.keys()].filter(isPassword);
      return names.map(
        (name) =>
          `${(along.get(name) ?? given).origin}: ${name} is a secret, which cannot be varied: give it once, with --producer.config or --producer-property`,
      );
    }),
  );
  if (problems.length > 0) throw usageError(...new Set(problems));
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

function withoutBootstrapServers(given: PropertySet, target: string | null, notes: string[]): PropertySet {
  const servers = given.get('bootstrap.servers');
  if (servers === undefined) return given;
  if (servers.text !== target)
    notes.push(
      `${servers.origin}: bootstrap.servers=${servers.text} does not select the target; --bootstrap-server does`,
    );
  return new Map([...given].filter(([name]) => name !== 'bootstrap.servers'));
}

// A run makes its records as bytes. A producer.properties of Java always names serializers: they are no mistake.
function withoutSerializers(given: PropertySet, notes: string[]): PropertySet {
  const names = ['key.serializer', 'value.serializer'].filter((name) => given.has(name));
  if (names.length === 0) return given;
  notes.push(
    `${given.get(names[0]!)!.origin}: ${names.join(' and ')} ${names.length === 1 ? 'has' : 'have'} no effect in a run, whose records are made as bytes`,
  );
  return new Map([...given].filter(([name]) => !names.includes(name)));
}
