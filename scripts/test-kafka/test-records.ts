import type { ProducerRecord } from '../../core/producer/producer.ts';
import { printedHeader } from './console-consumer.ts';

/** A record in text alone: the console consumer prints nothing else unambiguously. */
export interface TextRecord extends ProducerRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly { readonly key: string; readonly value: string | null }[];
  readonly timestamp: number;
}

const TEXTS = [
  'plain',
  '',
  'tab\tand, comma:colon "quotes" \\backslash\\n',
  'line\nbreak\r\n',
  'grüße, 世界, Ωμέγα, ‏עברית',
  '🦀🌊 beyond the basic plane',
  '   blanks   ',
  'null',
  'a long text that compresses well '.repeat(40),
];

/** Keys, values and headers of every awkward kind; each value names its record, but for tombstones and empty ones. */
export function makeTextRecords(topic: string, count: number, firstTimestampMs: number): TextRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    key: index % 5 === 0 ? null : index % 7 === 0 ? '' : `${TEXTS[index % TEXTS.length]}/${index % 40}`,
    value: index % 29 === 0 ? null : index % 31 === 0 ? '' : `${index} ${TEXTS[(index * 4) % TEXTS.length]}`,
    headers: headersOf(topic, index),
    // Not in the order of sending: a batch's timestamps may go back and forth.
    timestamp: firstTimestampMs + index * 7 - (index % 3) * 1000,
  }));
}

function headersOf(topic: string, index: number): TextRecord['headers'] {
  const own = { key: 'sent', value: `${topic}/${index}` };
  if (index % 4 === 0) return [own];
  if (index % 4 === 1) return [own, { key: 'twice', value: 'one' }, { key: 'twice', value: 'zwei €' }];
  if (index % 4 === 2) return [own, { key: 'empty', value: '' }, { key: 'nothing', value: null }];
  return [own, { key: '', value: 'no name' }, { key: 'schlüssel', value: TEXTS[index % TEXTS.length]! }];
}

/** Which of the records sent this is: its first header says so. */
export function sentAs(headers: readonly string[]): { readonly topic: string; readonly index: number } {
  const match = /^sent:(.+)\/(\d+)$/.exec(headers[0] ?? '');
  if (match === null) throw new Error(`a record was read that nobody sent, with headers ${headers}`);
  return { topic: match[1]!, index: Number(match[2]) };
}

export function printedHeaders(record: TextRecord): string[] {
  return record.headers.map(({ key, value }) => printedHeader(key, value));
}
