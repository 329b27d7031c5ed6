import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SeededRandom } from '../../core/base/random.ts';
import { type ProducerConfig, parseProducerConfig } from '../../core/producer/config/config.ts';
import { PRODUCER_OPTIONS } from '../../core/producer/config/options.ts';
import { isWorkloadFactor, type WorkloadFactorName } from '../../reports/setting.ts';
import { usageError } from '../cli-error.ts';
import { type Cell, cellsOf } from './cells.ts';
import {
  type Factor,
  type FactorLevel,
  type GivenProperty,
  originOf,
  type PropertySet,
} from './property-set.ts';
import { STREAMS, shuffle } from './shuffle.ts';
import { type VariedSpec, withWorkloadSetting, workloadSettings } from './workload-factors.ts';

/** One configuration to be measured. */
export interface Configuration {
  /** Property varied against the base; null for a cell of a grid. */
  readonly factor: string | null;
  readonly level: string | null;
  /** Number of the cell in the whole grid, 1-based; null unless it is one. */
  readonly cell: number | null;
  /** Every effective property as text. */
  readonly producer: Readonly<Record<string, string>>;
  /** Topic, workload and load, as far as they may be varied. */
  readonly spec: VariedSpec;
}

export interface Configurations {
  /** Effective properties of the base. */
  readonly base: Readonly<Record<string, string>>;
  /** As Configuration.spec. */
  readonly baseSpec: VariedSpec;
  readonly others: readonly Configuration[];
  /** Levels as text, the base's first where it is among them. */
  readonly factors: readonly { readonly property: string; readonly levels: readonly string[] }[];
  readonly notes: readonly string[];
  /** The smallest max.request.size of all, in bytes. */
  readonly maxRequestSizeBytes: number;
}

export interface SweepDesign {
  readonly base: PropertySet;
  readonly factors: readonly Factor[];
  /** The suite's topic, workload and load. */
  readonly spec: VariedSpec;
  readonly design: 'one-factor' | 'full';
  /** Measure a seeded part of the configurations only; null: all. */
  readonly sample: number | null;
  readonly seed: number;
  readonly workingDirectory: string;
}

/**
 * Expands factors to the configurations to measure. Those that come out the same are measured once, and a note
 * says so. Every property is checked, in every configuration; all problems are told at once (exit 2).
 */
export function expandConfigurations(design: SweepDesign): Configurations {
  const expansion = new Expansion(design);
  const base = expansion.check(design.base, null);
  const shownBase: Readonly<Record<string, string>> = { ...base.producer, ...workloadSettings(base.spec) };
  const cells = cellsOf(design);
  const checked = cells.map((cell) => ({ cell, checked: expansion.check(cell.properties, cell) }));
  expansion.throwProblems();

  const seen = new Map([[base.identity, design.factors.length > 0 ? 'the base' : '']]);
  const others: Configuration[] = [];
  for (const { cell, checked: configuration } of checked) {
    const { producer, spec } = configuration;
    const level = cell.factor === null ? null : shownSetting(cell.factor, configuration);
    const name = cell.factor === null ? `cell ${cell.number}` : `${cell.factor}=${cell.level!.given.text}`;
    const twin = seen.get(configuration.identity);
    if (twin === undefined) {
      seen.set(configuration.identity, name);
      others.push({ factor: cell.factor, level, cell: cell.number, producer, spec });
    } else if (!(twin === 'the base' && isPlainlyTheBase(cell, shownBase))) {
      expansion.note(`${name} is the same configuration as ${twin}: measured once`);
    }
  }
  return {
    base: base.producer,
    baseSpec: base.spec,
    others: sampled(others, design),
    factors: design.factors.map((factor) => shownFactor(factor, shownBase, design.spec)),
    notes: expansion.notes,
    maxRequestSizeBytes: expansion.maxRequestSizeBytes,
  };
}

/** A level that says what the base says is no surprise: nothing needs to be told. */
function isPlainlyTheBase(cell: Cell, base: Readonly<Record<string, string>>): boolean {
  return cell.factor === null || cell.level!.given.text.trim() === (base[cell.factor] ?? '');
}

function sampled(others: readonly Configuration[], { sample, seed }: SweepDesign): readonly Configuration[] {
  if (sample === null || sample >= others.length) return others;
  const chosen = new Set(shuffle(others, new SeededRandom(seed, STREAMS.sample)).slice(0, sample));
  return others.filter((configuration) => chosen.has(configuration));
}

/** A factor as reports show it: each level once, as it reads when effective, the base's first where it is one. */
function shownFactor(
  { property, levels }: Factor,
  base: Readonly<Record<string, string>>,
  spec: VariedSpec,
): { property: string; levels: readonly string[] } {
  const texts = levels.map(({ given }) => {
    if (isWorkloadFactor(property)) {
      return workloadSettings(withWorkloadSetting(property, given.text, spec))[property];
    }
    const { effective } = parseProducerConfig({ [property]: given.text }).config;
    return String(effective[property] ?? '');
  });
  const baseText = base[property] ?? '';
  const unique = [...new Set(texts)];
  const rest = unique.filter((text) => text !== baseText);
  return { property, levels: unique.includes(baseText) ? [baseText, ...rest] : unique };
}

/** A configuration's setting of a factor, as it reads when effective. */
function shownSetting(factor: string, { producer, spec }: CheckedProperties): string {
  return isWorkloadFactor(factor) ? workloadSettings(spec)[factor] : (producer[factor] ?? '');
}

interface CheckedProperties {
  readonly producer: Readonly<Record<string, string>>;
  readonly spec: VariedSpec;
  /** Equal for configurations that behave the same. */
  readonly identity: string;
}

/** Collects what is wrong with, and what is to be said about, all configurations of a sweep. */
class Expansion {
  maxRequestSizeBytes = Number.POSITIVE_INFINITY;
  readonly #problems = new Set<string>();
  readonly #notes = new Set<string>();
  #isBaseWrong = false;
  readonly #workingDirectory: string;
  /** Workload factors that are varied, or that levels bring along. */
  readonly #varied: ReadonlySet<string>;
  readonly #suiteSpec: VariedSpec;

  constructor({ workingDirectory, factors, spec }: SweepDesign) {
    this.#workingDirectory = workingDirectory;
    this.#varied = new Set(
      factors.flatMap(({ property, levels }) => [
        property,
        ...levels.flatMap(({ along }) => [...along.keys()]),
      ]),
    );
    this.#suiteSpec = spec;
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  throwProblems(): void {
    if (this.#problems.size > 0) throw usageError(...this.#problems);
  }

  /** Effective properties; the cell's level is blamed for what has no place of its own. Null is the base. */
  check(properties: PropertySet, cell: Cell | null): CheckedProperties {
    const level = cell?.level ?? null;
    const texts: Record<string, string> = {};
    let spec = this.#suiteSpec;
    for (const [name, given] of properties) {
      if (this.#isWorkloadSetting(name, given))
        spec = this.#withSetting(name, given.text, spec, { properties, level });
      else texts[name] = given.text;
    }
    const { config, problems, warnings } = parseProducerConfig(texts);
    for (const { property, message } of problems) {
      if (cell === null) this.#isBaseWrong = true;
      const isConflict = cell !== null && isOnlyHere(properties.get(property), property, message);
      // What a wrong base leads to at the levels says nothing new.
      if (isConflict && this.#isBaseWrong) continue;
      this.#problem(properties, level, property, `${message}${isConflict ? hintOf(cell) : ''}`);
    }
    if (properties.has('bootstrap.servers')) {
      const message = 'bootstrap.servers is no setting to measure: --bootstrap-server selects the target';
      this.#problem(properties, level, 'bootstrap.servers', message);
    }
    for (const [property, path] of modulesOf(config)) {
      if (existsSync(resolve(this.#workingDirectory, path))) continue;
      this.#problem(properties, level, property, `${property}: the module ${path} does not exist`);
    }
    for (const warning of warnings) this.#notes.add(warning);
    this.maxRequestSizeBytes = Math.min(this.maxRequestSizeBytes, config.maxRequestSizeBytes);
    const identity = `${identityOf(config)} ${JSON.stringify(workloadSettings(spec))}`;
    return { producer: effectiveText(config, texts), spec, identity };
  }

  /** Workload factors are varied like properties, but are none: they never reach the producer's. */
  #isWorkloadSetting(name: string, given: GivenProperty): name is WorkloadFactorName {
    return isWorkloadFactor(name) && (this.#varied.has(name) || given.origin.startsWith('--set '));
  }

  #withSetting(
    name: WorkloadFactorName,
    text: string,
    spec: VariedSpec,
    place: { readonly properties: PropertySet; readonly level: FactorLevel | null },
  ): VariedSpec {
    try {
      return withWorkloadSetting(name, text, spec);
    } catch (error) {
      this.#problem(place.properties, place.level, name, (error as RangeError).message);
      return spec;
    }
  }

  #problem(properties: PropertySet, level: FactorLevel | null, property: string, message: string): void {
    const origin = originOf(properties, property) ?? level?.given.origin;
    this.#problems.add(origin === undefined ? message : `${origin}: ${message}`);
  }
}

/** Whether a property is wrong beside others only, not by itself. */
function isOnlyHere(given: GivenProperty | undefined, property: string, message: string): boolean {
  const alone = given === undefined ? [] : parseProducerConfig({ [property]: given.text }).problems;
  return !alone.some((problem) => problem.message === message);
}

/** A level that contradicts the rest of the configuration is named: the rest may be what the user wants. */
function hintOf({ factor, level }: Cell): string {
  if (factor === null || level === null) return '';
  return ` (at the level ${factor}=${level.given.text}; --set ${factor}=VALUE fixes it instead of varying it)`;
}

function modulesOf({ partitioner, interceptors }: ProducerConfig): [string, string][] {
  const paths = interceptors.map((path): [string, string] => ['interceptor.classes', path]);
  return partitioner.kind === 'module' ? [['partitioner.class', partitioner.path], ...paths] : paths;
}

/**
 * Effective properties as text. What is at its default is left out where nothing but the default is accepted, and
 * where it is about security: there are dozens, and they would hide the rest.
 */
function effectiveText(
  { effective }: ProducerConfig,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    PRODUCER_OPTIONS.flatMap(({ name, group, refused, default: value }) => {
      const text = effective[name] ?? null;
      const isPlain = text === value && !Object.hasOwn(given, name);
      const isLeftOut = isPlain && (refused !== undefined || ['security', 'sasl', 'oauth'].includes(group));
      return text === null || isLeftOut || name === 'bootstrap.servers' ? [] : [[name, String(text)]];
    }),
  );
}

function identityOf(config: ProducerConfig): string {
  return JSON.stringify({ ...config, effective: null });
}
