import { SeededRandom } from '../../core/base/random.ts';
import { readPayloadFile } from '../../workers/payload-file.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import type { PerfPayload } from './perf-settings.ts';

const MOST_PAYLOADS = 1024;
const POOL_BYTES = 16 * 1_048_576;
const FIRST_LETTER = 'A'.charCodeAt(0);
const LETTERS = 26;
const SEED = 0;

/** The value of record `index`. */
export type PayloadSource = (index: number) => Buffer;

/**
 * Payloads as kafka-producer-perf-test has them, made before the clock starts (it makes them while it sends): random
 * upper-case letters, lines of a file in random order, or the record's number as text. `print` gets its lines about the
 * file. Exit 2 for a file without records.
 */
export function perfPayloads(payload: PerfPayload, print: (line: string) => void): PayloadSource {
  const random = new SeededRandom(SEED);
  switch (payload.kind) {
    case 'random': {
      const pool = randomLetters(payload.sizeBytes, random);
      return (index) => pool[index % pool.length]!;
    }
    case 'file': {
      const records = recordsOf(payload.path, payload.delimiter);
      print(`Reading payloads from: ${payload.path}`);
      print(`Number of messages read: ${records.length}`);
      return () => records[random.nextBelow(records.length)]!;
    }
    case 'monotonic':
      return (index) => Buffer.from(String(index));
  }
}

function randomLetters(sizeBytes: number, random: SeededRandom): Buffer[] {
  const count = Math.max(1, Math.min(MOST_PAYLOADS, Math.floor(POOL_BYTES / sizeBytes)));
  return Array.from({ length: count }, () => {
    const bytes = Buffer.allocUnsafe(sizeBytes);
    for (let at = 0; at < sizeBytes; at++) bytes[at] = FIRST_LETTER + random.nextBelow(LETTERS);
    return bytes;
  });
}

function recordsOf(path: string, delimiter: string): Buffer[] {
  try {
    return readPayloadFile(path, delimiter);
  } catch (error) {
    throw usageError(reasonOf(error));
  }
}
