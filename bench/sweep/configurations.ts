import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SeededRandom } from '../../core/base/random.ts';
import { type ProducerConfig, parseProducerConfig } from '../../core/producer/config.ts';
import { usageError } from '../cli-error.ts';
import {
  type Factor,
  type FactorLevel,
  levelProperties,
  mergeProperties,
  type PropertySet,
} from './property-set.ts';
import { STREAMS, shuffle } from './shuffle.ts';

/** More than this is no sweep but a mistake; a sample of it is fine. */
const MAX_CONFIGURATIONS = 10_000;

/** One configuration to be measured. */
export interface Configuration {
  /** Property varied against the base; null for a cell of a grid. */
  readonly factor: string | null;
  readonly level: string | null;
  /** Number of the cell in the whole grid, 1-based; null unless it is one. */
  readonly cell: number | null;
  /** Every effective property as text. */
  readonly producer: Readonly<Record<string, string>>;
}

export interface Configurations {
  /** Effective properties of the base. */
  readonly base: Readonly<Record<string, string>>;
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
  const expansion = new Expansion(design.workingDirectory);
  const base = expansion.check(design.base, null);
  const cells = design.design === 'full' ? gridCells(design) : oneFactorCells(design);
  const checked = cells.map((cell) => ({ cell, checked: expansion.check(cell.properties, cell.level) }));
  expansion.throwProblems();

  const seen = new Map([[base.identity, design.factors.length > 0 ? 'the base' : '']]);
  const others: Configuration[] = [];
  for (const { cell, checked: configuration } of checked) {
    const level = cell.factor === null ? null : (configuration.producer[cell.factor] ?? '');
    const name = cell.factor === null ? `cell ${cell.number}` : `${cell.factor}=${cell.level!.given.text}`;
    const twin = seen.get(configuration.identity);
    if (twin === undefined) {
      seen.set(configuration.identity, name);
      others.push({ factor: cell.factor, level, cell: cell.number, producer: configuration.producer });
    } else if (!(twin === 'the base' && isPlainlyTheBase(cell, base.producer))) {
      expansion.note(`${name} is the same configuration as ${twin}: measured once`);
    }
  }
  return {
    base: base.producer,
    others: sampled(others, design),
    factors: design.factors.map((factor) => shownFactor(factor, base.producer)),
    notes: expansion.notes,
    maxRequestSizeBytes: expansion.maxRequestSizeBytes,
  };
}

interface Cell {
  readonly factor: string | null;
  readonly level: FactorLevel | null;
  readonly number: number | null;
  readonly properties: PropertySet;
}

/** A level that says what the base says is no surprise: nothing needs to be told. */
function isPlainlyTheBase(cell: Cell, base: Readonly<Record<string, string>>): boolean {
  return cell.factor === null || cell.level!.given.text.trim() === (base[cell.factor] ?? '');
}

function oneFactorCells({ base, factors }: SweepDesign): Cell[] {
  return factors.flatMap(({ property, levels }) =>
    levels.map((level) => ({
      factor: property,
      level,
      number: null,
      properties: mergeProperties(base, levelProperties(property, level)),
    })),
  );
}

function gridCells(design: SweepDesign): Cell[] {
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

function sampled(others: readonly Configuration[], { sample, seed }: SweepDesign): readonly Configuration[] {
  if (sample === null || sample >= others.length) return others;
  const chosen = new Set(shuffle(others, new SeededRandom(seed, STREAMS.sample)).slice(0, sample));
  return others.filter((configuration) => chosen.has(configuration));
}

/** A factor as reports show it: each level once, as it reads when effective, the base's first where it is one. */
function shownFactor(
  { property, levels }: Factor,
  base: Readonly<Record<string, string>>,
): { property: string; levels: readonly string[] } {
  const texts = levels.map(({ given }) => {
    const { effective } = parseProducerConfig({ [property]: given.text }).config;
    return String(effective[property] ?? '');
  });
  const baseText = base[property] ?? '';
  const unique = [...new Set(texts)];
  const rest = unique.filter((text) => text !== baseText);
  return { property, levels: unique.includes(baseText) ? [baseText, ...rest] : unique };
}

interface CheckedProperties {
  readonly producer: Readonly<Record<string, string>>;
  /** Equal for configurations that behave the same. */
  readonly identity: string;
}

/** Collects what is wrong with, and what is to be said about, all configurations of a sweep. */
class Expansion {
  maxRequestSizeBytes = Number.POSITIVE_INFINITY;
  readonly #problems = new Set<string>();
  readonly #notes = new Set<string>();
  readonly #workingDirectory: string;

  constructor(workingDirectory: string) {
    this.#workingDirectory = workingDirectory;
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

  /** Effective properties; `level` is blamed for what has no place of its own. */
  check(properties: PropertySet, level: FactorLevel | null): CheckedProperties {
    const texts = Object.fromEntries([...properties].map(([name, { text }]) => [name, text]));
    const { config, problems, warnings } = parseProducerConfig(texts);
    for (const { property, message } of problems) this.#problem(properties, level, property, message);
    if (properties.has('bootstrap.servers')) {
      const message = 'bootstrap.servers is no setting to measure: --bootstrap-server selects the target';
      this.#problem(properties, level, 'bootstrap.servers', message);
    }
    const { partitioner } = config;
    if (partitioner.kind === 'module' && !existsSync(resolve(this.#workingDirectory, partitioner.path))) {
      const message = `partitioner.class: the module ${partitioner.path} does not exist`;
      this.#problem(properties, level, 'partitioner.class', message);
    }
    for (const warning of warnings) this.#notes.add(warning);
    this.maxRequestSizeBytes = Math.min(this.maxRequestSizeBytes, config.maxRequestSizeBytes);
    return { producer: effectiveText(config), identity: identityOf(config) };
  }

  #problem(properties: PropertySet, level: FactorLevel | null, property: string, message: string): void {
    const origin =
      properties.get(property)?.origin ?? level?.given.origin ?? properties.values().next().value?.origin;
    this.#problems.add(origin === undefined ? message : `${origin}: ${message}`);
  }
}

function effectiveText({ effective }: ProducerConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(effective)
      .filter(([name, value]) => value !== null && name !== 'bootstrap.servers')
      .map(([name, value]) => [name, String(value)]),
  );
}

function identityOf(config: ProducerConfig): string {
  return JSON.stringify({ ...config, effective: null });
}
