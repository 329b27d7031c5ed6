import { OPTION_GROUPS } from '../core/producer/config/options/define-option.ts';
import { rangeText } from '../core/producer/config/options/option-texts.ts';
import { PRODUCER_OPTIONS } from '../core/producer/config/options.ts';
import { PARTITIONER_NAMES } from '../core/producer/config/partitioner-choice.ts';
import { COMPRESSION_TYPES, type CompressionType } from '../core/record/types.ts';
import { shippedSuite, shippedSuiteNames } from './suite/find-suite.ts';
import { loadSuite } from './suite/load-suite.ts';

interface Named {
  readonly name: string;
  readonly text: string;
}

/** What there is to choose from. */
export interface Catalog {
  readonly suites: readonly Named[];
  readonly partitioners: readonly Named[];
  readonly codecs: readonly Named[];
  readonly producerProperties: readonly ListedProperty[];
}

interface ListedProperty extends Named {
  readonly type: string;
  readonly default: string | number | boolean | null;
  /** What it takes beyond its type; empty for anything. */
  readonly range: string;
  readonly importance: string;
  readonly group: string;
  /** Why it is accepted and does nothing here; null when it does. */
  readonly withoutEffect: string | null;
  /** Why only its default is accepted here; null when that is not so. */
  readonly refused: string | null;
}

const CODEC_TEXTS: Readonly<Record<CompressionType, string>> = {
  none: 'batches as they are',
  gzip: 'DEFLATE: small, slow; compression.gzip.level',
  snappy: 'fast, moderate; framed as Java writes it',
  lz4: 'fast, moderate; compression.lz4.level',
  zstd: 'small at moderate cost; compression.zstd.level',
};

export function gatherCatalog(): Catalog {
  return {
    suites: shippedSuiteNames().map((name) => ({
      name,
      text: loadSuite(shippedSuite(name)).suite.description,
    })),
    partitioners: Object.entries(PARTITIONER_NAMES).map(([name, text]) => ({ name, text })),
    codecs: COMPRESSION_TYPES.map((name) => ({ name, text: CODEC_TEXTS[name] })),
    producerProperties: PRODUCER_OPTIONS.map((option) => ({
      name: option.name,
      text: option.text,
      type: option.type,
      default: option.default,
      range: rangeText(option),
      importance: option.importance,
      group: OPTION_GROUPS[option.group],
      withoutEffect: option.withoutEffect ?? null,
      refused: option.refused ?? null,
    })),
  };
}

/** The catalog for people, `columns` wide; long texts go on under themselves. */
export function catalogText(catalog: Catalog, columns: number): string {
  return [
    section('Suites (tidemark run NAME)', catalog.suites, columns),
    section('Partitioners (partitioner.class)', catalog.partitioners, columns),
    section('Codecs (compression.type)', catalog.codecs, columns),
    ...Object.values(OPTION_GROUPS).map((title) => {
      const properties = catalog.producerProperties.filter(({ group }) => group === title);
      return propertySection(`Producer properties, name=default: ${title}`, properties, columns);
    }),
  ].join('\n');
}

const MIN_TEXT_WIDTH = 30;

function section(title: string, entries: readonly Named[], columns: number): string {
  const nameWidth = entries.reduce((widest, { name }) => Math.max(widest, name.length), 0) + 4;
  const textWidth = Math.max(MIN_TEXT_WIDTH, columns - nameWidth);
  const lines = entries.flatMap(({ name, text }) =>
    wrapped(text, textWidth).map(
      (line, index) => `${(index === 0 ? `  ${name}` : '').padEnd(nameWidth)}${line}`,
    ),
  );
  return `${title}\n${lines.join('\n')}\n`;
}

const TEXT_INDENT = '      ';

/** Names of properties are too long to stand beside their texts: these go under them. */
function propertySection(title: string, properties: readonly ListedProperty[], columns: number): string {
  const textWidth = Math.max(MIN_TEXT_WIDTH, columns - TEXT_INDENT.length);
  const lines = properties.flatMap(({ name, default: value, type, range, text, withoutEffect, refused }) => [
    ...propertyLines(name, String(value ?? ''), columns),
    ...wrapped(
      [
        text,
        `(${type}${range === '' ? '' : `, ${range}`})`,
        ...(withoutEffect === null ? [] : [`Without effect: ${withoutEffect}`]),
        ...(refused === null ? [] : [`Only the default is accepted: ${refused}`]),
      ].join(' '),
      textWidth,
    ).map((line) => `${TEXT_INDENT}${line}`),
  ]);
  return `${title}\n${lines.join('\n')}\n`;
}

/** A default that does not fit beside its name goes under it. */
function propertyLines(name: string, value: string, columns: number): string[] {
  const line = `  ${name}=${value}`;
  return line.length <= columns ? [line] : [`  ${name}=`, `    ${value}`];
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
