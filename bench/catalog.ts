import { PRODUCER_OPTIONS } from '../core/producer/options.ts';
import { PARTITIONER_NAMES } from '../core/producer/partitioner-choice.ts';
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
  readonly producerProperties: readonly (Named & {
    readonly type: string;
    readonly default: string | number | boolean | null;
    readonly withoutEffect: string | null;
  })[];
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
      withoutEffect: option.withoutEffect ?? null,
    })),
  };
}

/** The catalog for people, `columns` wide; long texts go on under themselves. */
export function catalogText(catalog: Catalog, columns: number): string {
  const properties = catalog.producerProperties.map(({ name, text, default: value, withoutEffect }) => ({
    name: `${name}=${value ?? ''}`,
    text: withoutEffect === null ? text : `${text} Without effect: ${withoutEffect}`,
  }));
  return [
    section('Suites (tidemark run NAME)', catalog.suites, columns),
    section('Partitioners (partitioner.class)', catalog.partitioners, columns),
    section('Codecs (compression.type)', catalog.codecs, columns),
    section('Producer properties (name=default)', properties, columns),
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
