import { TidemarkError } from '../core/base/errors.ts';
import { decodeKey, type KeyEncoding } from './decode-key.ts';
import { readBoundedFile } from './payload-file.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const NO_KEY = -1;

/** The lines of a file of keys: each is a record's key. */
export interface KeyLines {
  /** Distinct, in the order of their first line. */
  readonly keys: readonly Buffer[];
  /** For each line the position in `keys`; -1 for an empty line, which is a record without a key. */
  readonly order: Int32Array;
}

/**
 * Reads keys, one per line, as the partitioner lab does: CR LF ends a line too, and a byte order mark is nothing.
 * Throws a TidemarkError of kind CONFIG, with the line where one is wrong.
 */
export function readKeyLines(path: string, encoding: KeyEncoding): KeyLines {
  const bytes = readBoundedFile(path, 'key file');
  const keys: Buffer[] = [];
  const known = new Map<string, number>();
  const order: number[] = [];
  let start = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(LINE_FEED, start);
    const next = found < 0 ? bytes.length : found;
    const hasReturn = next > start && bytes[next - 1] === CARRIAGE_RETURN;
    const line = bytes.subarray(start, hasReturn ? next - 1 : next);
    start = next + 1;
    if (line.length === 0) {
      order.push(NO_KEY);
      continue;
    }
    const key = encoding === 'utf8' ? line : decodeKey(line, encoding);
    if (typeof key === 'string') throw new TidemarkError('CONFIG', `${path}:${order.length + 1}: ${key}`);
    const text = key.toString('latin1');
    const index = known.get(text) ?? keys.length;
    if (index === keys.length) {
      known.set(text, index);
      keys.push(key);
    }
    order.push(index);
  }
  if (keys.length === 0)
    throw new TidemarkError('CONFIG', `key file ${path} holds no key; expected one per line`);
  return { keys, order: Int32Array.from(order) };
}
