import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SeededRandom } from '../../core/base/random.ts';
import { type ProducerConfig, parseProducerConfig } from '../../core/producer/config/config.ts';
import { PRODUCER_OPTIONS } from '../../core/producer/config/options.ts';
import { SEND_FACTOR } from '../../reports/setting.ts';
import { usageError } from '../cli-error.ts';
import {
  type Factor,
  type FactorLevel,
  type GivenProperty,
  levelProperties,
  mergeProperties,
  originOf,
  type PropertySet,
} from './property-set.ts';
import { isSendForm, SEND_FORMS, type SendForm } from './send-forms.ts';
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
  /** The form of send(), where it is varied or was fixed; null: the suite's. */
  readonly send: SendForm | null;
}

export interface Configurations {
  /** Effective properties of the base. */
  readonly base: Readonly<Record<string, string>>;
  /** As Configuration.send. */
  readonly baseSend: SendForm | null;
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
  /** The suite's form of send(). */
  readonly send: SendForm;
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
  const shownBase = { ...base.producer, [SEND_FACTOR]: base.send ?? design.send };
  const cells = design.design === 'full' ? gridCells(design) : oneFactorCells(design);
  const checked = cells.map((cell) => ({ cell, checked: expansion.check(cell.properties, cell) }));
  expansion.throwProblems();

  const seen = new Map([[base.identity, design.factors.length > 0 ? 'the base' : '']]);
  const others: Configuration[] = [];
  for (const { cell, checked: configuration } of checked) {
    const { producer, send } = configuration;
    const level =
      cell.factor === null
        ? null
        : String(cell.factor === SEND_FACTOR ? send : (producer[cell.factor] ?? ''));
    const name = cell.factor === null ? `cell ${cell.number}` : `${cell.factor}=${cell.level!.given.text}`;
    const twin = seen.get(configuration.identity);
    if (twin === undefined) {
      seen.set(configuration.identity, name);
      others.push({ factor: cell.factor, level, cell: cell.number, producer, send });
    } else if (!(twin === 'the base' && isPlainlyTheBase(cell, shownBase))) {
      expansion.note(`${name} is the same configuration as ${twin}: measured once`);
    }
  }
  return {
    base: base.producer,
    baseSend: base.send,
    others: sampled(others, design),
    factors: design.factors.map((factor) => shownFactor(factor, shownBase)),
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
    if (property === SEND_FACTOR) return given.text.trim();
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
  readonly send: SendForm | null;
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
  readonly #isSendVaried: boolean;
  readonly #suiteSend: SendForm;

  constructor({ workingDirectory, factors, send }: SweepDesign) {
    this.#workingDirectory = workingDirectory;
    this.#isSendVaried = factors.some(({ property }) => property === SEND_FACTOR);
    this.#suiteSend = send;
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
    const send = this.#sendOf(properties, level);
    const texts = Object.fromEntries(
      [...properties]
        .filter(([name]) => send === null || name !== SEND_FACTOR)
        .map(([name, { text }]) => [name, text]),
    );
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
    const identity = `${identityOf(config)} ${send ?? this.#suiteSend}`;
    return { producer: effectiveText(config, texts), send, identity };
  }

  /** The form of send() is varied like a property, but is none: it never reaches the producer's properties. */
  #sendOf(properties: PropertySet, level: FactorLevel | null): SendForm | null {
    const given = properties.get(SEND_FACTOR);
    if (given === undefined || !(this.#isSendVaried || given.origin.startsWith('--set '))) return null;
    const form = given.text.trim();
    if (isSendForm(form)) return form;
    this.#problem(
      properties,
      level,
      SEND_FACTOR,
      `send must be one of ${SEND_FORMS.join(', ')}, got '${form}'`,
    );
    return this.#suiteSend;
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
