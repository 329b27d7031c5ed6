import { KEY_ENCODINGS, type KeyEncoding } from '../../workers/decode-key.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import { parseCount } from '../option-values.ts';
import { parseKeyDistribution } from './key-distribution.ts';
import type { LabSettings } from './run-lab.ts';

export const MAX_PARTITIONS = 1_000_000;
const MOST_COUNTS = 10;

/** The command line as commander reads it. */
export interface LabOptions {
  readonly keys?: string;
  readonly keyEncoding?: KeyEncoding;
  readonly keyDistribution?: string;
  readonly records?: number;
  readonly partitions: readonly number[];
  readonly recordSize: number;
  readonly partitioner?: readonly string[];
  readonly topic: string;
  readonly seed: number;
  readonly json?: true;
  readonly out?: string;
  readonly color: boolean;
}

/** `12` or `12,16,24`, in order. Throws a RangeError. */
export function parsePartitionCounts(text: string): readonly number[] {
  const counts = text.split(',').map((one) => {
    try {
      return parseCount(one, 1, MAX_PARTITIONS);
    } catch {
      throw new RangeError(
        `got '${text}', expected numbers of partitions from 1 to ${MAX_PARTITIONS}: 12,16`,
      );
    }
  });
  if (new Set(counts).size < counts.length) {
    throw new RangeError(`got '${text}', expected different numbers of partitions`);
  }
  if (counts.length > MOST_COUNTS) {
    throw new RangeError(`got ${counts.length} numbers of partitions, expected at most ${MOST_COUNTS}`);
  }
  return counts;
}

export function parseKeyEncoding(text: string): KeyEncoding {
  const found = KEY_ENCODINGS.find((name) => name === text.toLowerCase());
  if (found !== undefined) return found;
  throw new RangeError(
    `got '${text}', expected ${KEY_ENCODINGS.slice(0, -1).join(', ')} or ${KEY_ENCODINGS.at(-1)}`,
  );
}

/** What belongs together. Throws CliError (exit 2). */
export function labSettings(options: LabOptions, workingDirectory: string): LabSettings {
  const { partitions, recordSize, partitioner = [], topic, seed } = options;
  const twice = partitioner.find((path, index) => partitioner.indexOf(path) !== index);
  if (twice !== undefined) throw usageError(`--partitioner ${twice} is given twice`);
  return {
    keys: keysOf(options),
    partitions,
    recordSizeBytes: recordSize,
    modules: partitioner,
    topic,
    seed,
    workingDirectory,
  };
}

function keysOf({ keys, keyEncoding, keyDistribution, records }: LabOptions): LabSettings['keys'] {
  if (keys !== undefined && keyDistribution !== undefined) {
    throw usageError('--keys and --key-distribution both say which keys: leave one of them out');
  }
  if (keys !== undefined) {
    if (records !== undefined) {
      throw usageError('--records belongs to --key-distribution: with --keys every line is a record');
    }
    return { kind: 'file', path: keys, encoding: keyEncoding ?? 'utf8' };
  }
  if (keyDistribution === undefined) {
    throw usageError(
      'which keys? Give a file with one key per line, --keys keys.txt, or a law, --key-distribution zipf:1.1:100000',
    );
  }
  if (keyEncoding !== undefined) throw usageError('--key-encoding belongs to --keys');
  try {
    const distribution = parseKeyDistribution(keyDistribution);
    return { kind: 'distribution', name: keyDistribution.trim(), distribution, records: records ?? null };
  } catch (error) {
    throw usageError(`--key-distribution: ${reasonOf(error)}`);
  }
}
