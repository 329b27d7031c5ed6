import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KafkaJava, runTool } from '../kafka/kafka-tool.ts';

/** A batch as DumpLogSegments prints it. */
export interface DumpedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly count: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly magic: number;
  readonly codec: string;
  readonly isValid: boolean;
  readonly records: readonly DumpedRecord[];
}

export interface DumpedRecord {
  readonly offset: number;
  /** -1: null. */
  readonly keySize: number;
  readonly valueSize: number;
  /** -1 in batches without producer id. */
  readonly sequence: number;
}

const BATCH =
  /^baseOffset: (\d+) lastOffset: (\d+) count: (\d+) baseSequence: (-?\d+) lastSequence: (-?\d+) producerId: (-?\d+) producerEpoch: (-?\d+) .*\bmagic: (\d+) compresscodec: (\w+) crc: \d+ isvalid: (true|false)\n/;
const RECORD =
  /^\| offset: (\d+) \w+: -?\d+ keySize: (-?\d+) valueSize: (-?\d+) sequence: (-?\d+) headerKeys: \[[^\]]*\]/;
const LOG_START = /^(Log starting offset: \d+)?\n/;

/** The segment files of a topic's partitions in a broker's data directory, by partition. */
export function segmentFiles(dataDirectory: string, topic: string, partitions: number): string[] {
  return Array.from({ length: partitions }, (_, partition) => {
    const directory = join(dataDirectory, `${topic}-${partition}`);
    return readdirSync(directory)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .map((name) => join(directory, name));
  }).flat();
}

/**
 * The batches of each segment file as Kafka's own DumpLogSegments reads them, every record decompressed and parsed.
 * Rejects when the tool complains, skips a file, or prints what is not understood here.
 */
export async function dumpLogSegments(
  kafka: KafkaJava,
  files: readonly string[],
): Promise<Map<string, DumpedBatch[]>> {
  if (files.length === 0) throw new Error('there is no segment file to dump');
  const args = ['--deep-iteration', '--print-data-log', '--files', files.join(',')];
  const { code, stdout, stderr } = await runTool(kafka, 'kafka.tools.DumpLogSegments', args);
  if (code !== 0 || stderr.trim() !== '')
    throw new Error(`DumpLogSegments ended with ${code}: ${stderr}${stdout}`);
  const dumped = new Map<string, DumpedBatch[]>();
  for (const part of stdout.split(/^Dumping /m).slice(1)) {
    const end = part.indexOf('\n');
    dumped.set(part.slice(0, end), parseBatches(part.slice(end + 1)));
  }
  const skipped = files.filter((file) => !dumped.has(file));
  if (skipped.length > 0) throw new Error(`DumpLogSegments did not dump ${skipped.join(', ')}`);
  return dumped;
}

/** Of one file. Keys and values are printed as they are, line breaks included: only their sizes say where they end. */
function parseBatches(text: string): DumpedBatch[] {
  const batches: (DumpedBatch & { records: DumpedRecord[] })[] = [];
  // One character per byte, since sizes are in bytes.
  let rest = Buffer.from(text).toString('latin1').replace(LOG_START, '');
  while (rest !== '') {
    const batch = BATCH.exec(rest);
    const record = RECORD.exec(rest);
    if (batch !== null) {
      batches.push(batchOf(batch));
      rest = rest.slice(batch[0].length);
    } else if (record !== null && batches.length > 0) {
      batches.at(-1)!.records.push(recordOf(record));
      rest = skipData(rest.slice(record[0].length), recordOf(record));
    } else throw new Error(`DumpLogSegments printed: ${JSON.stringify(rest.slice(0, 200))}`);
  }
  return batches;
}

/** Skips ` key: ... payload: ...` and the end of the line. */
function skipData(text: string, { keySize, valueSize }: DumpedRecord): string {
  let at = 0;
  for (const [label, size] of [
    [' key: ', keySize],
    [' payload: ', valueSize],
  ] as const) {
    if (size < 0) continue;
    if (!text.startsWith(label, at))
      throw new Error(`DumpLogSegments printed no${label}in ${text.slice(0, 200)}`);
    at += label.length + size;
  }
  if (text[at] !== '\n')
    throw new Error(`DumpLogSegments printed other data than sizes: ${text.slice(0, 200)}`);
  return text.slice(at + 1);
}

function batchOf(match: RegExpExecArray): DumpedBatch & { records: DumpedRecord[] } {
  const [baseOffset, lastOffset, count, baseSequence, lastSequence, producerId, producerEpoch, magic] = match
    .slice(1, 9)
    .map(Number) as [number, number, number, number, number, number, number, number];
  return {
    baseOffset,
    lastOffset,
    count,
    baseSequence,
    lastSequence,
    producerId,
    producerEpoch,
    magic,
    codec: match[9]!,
    isValid: match[10] === 'true',
    records: [],
  };
}

function recordOf(match: RegExpExecArray): DumpedRecord {
  const [offset, keySize, valueSize, sequence] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { offset, keySize, valueSize, sequence };
}

/** What is wrong with the batches of one partition from its first offset on; null when nothing is. */
export function problemOfBatches(batches: readonly DumpedBatch[]): string | null {
  let nextOffset = batches[0]?.baseOffset ?? 0;
  const nextSequences = new Map<string, number>();
  for (const batch of batches) {
    const what = `the batch at offset ${batch.baseOffset}`;
    if (!batch.isValid) return `${what} is not valid`;
    if (batch.magic !== 2) return `${what} has magic ${batch.magic}`;
    if (batch.baseOffset !== nextOffset) return `${what} should begin at ${nextOffset}`;
    if (batch.count !== batch.records.length)
      return `${what} says ${batch.count} records, holds ${batch.records.length}`;
    if (batch.lastOffset !== batch.baseOffset + batch.count - 1) return `${what} ends at ${batch.lastOffset}`;
    const sequenceProblem = problemOfSequence(batch, nextSequences);
    if (sequenceProblem !== null) return `${what} ${sequenceProblem}`;
    nextOffset = batch.lastOffset + 1;
  }
  return null;
}

/** Per producer id and epoch the sequences go up by one per record, from 0. */
function problemOfSequence(batch: DumpedBatch, nextSequences: Map<string, number>): string | null {
  const { producerId, producerEpoch, baseSequence, lastSequence, count, records } = batch;
  if (producerId === -1)
    return baseSequence === -1 ? null : `has sequence ${baseSequence} and no producer id`;
  const producer = `${producerId}/${producerEpoch}`;
  const expected = nextSequences.get(producer) ?? 0;
  if (baseSequence !== expected) return `has sequence ${baseSequence}, expected ${expected}`;
  if (lastSequence !== baseSequence + count - 1) return `ends with sequence ${lastSequence}`;
  if (records.some((record, index) => record.sequence !== baseSequence + index))
    return 'has a gap in its sequences';
  nextSequences.set(producer, lastSequence + 1);
  return null;
}
