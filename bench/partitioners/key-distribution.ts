import { nearestName } from '../../core/base/nearest-name.ts';
import { parseCount } from '../option-values.ts';
import type { KeysRead, OnRecord } from './key-source.ts';
import type { KeyTable } from './key-table.ts';

/** As in suites. */
const MAX_CARDINALITY = 10_000_000;
const MAX_EXPONENT = 10;
/** Shares are as good with these; every record is placed. */
export const MAX_RECORDS = 100_000_000;
const LEAST_RECORDS = 1_000_000;
const RECORDS_PER_KEY = 10;

export type KeyDistribution =
  | { readonly kind: 'uniform'; readonly cardinality: number }
  | { readonly kind: 'zipf'; readonly cardinality: number; readonly exponent: number };

const FORM = 'zipf:EXPONENT:KEYS (zipf:1.1:100000) or uniform:KEYS (uniform:100000)';

/** `zipf:1.1:100000` or `uniform:100000`. Throws a RangeError that says what is expected. */
export function parseKeyDistribution(text: string): KeyDistribution {
  const [kind = '', ...rest] = text.trim().split(':');
  if (kind === 'uniform' && rest.length === 1) {
    return { kind, cardinality: parseCardinality(text, rest[0]!) };
  }
  if (kind === 'zipf' && rest.length === 2) {
    const exponent = /^\d{1,2}(\.\d{1,6})?$/.test(rest[0]!) ? Number(rest[0]) : Number.NaN;
    if (!(exponent <= MAX_EXPONENT)) {
      throw new RangeError(`got '${text}', expected an exponent from 0 to ${MAX_EXPONENT} in ${FORM}`);
    }
    return { kind, exponent, cardinality: parseCardinality(text, rest[1]!) };
  }
  const nearest = nearestName(kind, ['uniform', 'zipf']);
  const hint = nearest === null || nearest === kind ? '' : `; did you mean ${nearest}?`;
  throw new RangeError(`got '${text}', expected ${FORM}${hint}`);
}

function parseCardinality(text: string, keys: string): number {
  try {
    return parseCount(keys, 1, MAX_CARDINALITY);
  } catch {
    throw new RangeError(`got '${text}', expected 1 to ${MAX_CARDINALITY} keys in ${FORM}`);
  }
}

/** Enough that a key of middling rank has some. */
export function defaultRecords({ cardinality }: KeyDistribution): number {
  return Math.min(MAX_RECORDS, Math.max(LEAST_RECORDS, cardinality * RECORDS_PER_KEY));
}

interface KeysToMake {
  readonly name: string;
  readonly records: number;
  /** Filled here. */
  readonly table: KeyTable;
  readonly onRecord: OnRecord;
}

/**
 * The keys user-0, user-1, ... of a run's workload, with the records each is expected to have: the expectations
 * cumulated and rounded, so that they add up to `records` and each is within one of its own. No draw, no noise. Records
 * come key by key.
 */
export function makeKeys(
  distribution: KeyDistribution,
  { name, records, table, onRecord }: KeysToMake,
): KeysRead {
  const weightOf =
    distribution.kind === 'zipf' ? (rank: number) => (rank + 1) ** -distribution.exponent : () => 1;
  let total = 0;
  for (let rank = 0; rank < distribution.cardinality; rank++) total += weightOf(rank);
  let cumulated = 0;
  let given = 0;
  for (let rank = 0; rank < distribution.cardinality; rank++) {
    cumulated += weightOf(rank);
    // Summed in the same order, the last is the total to the bit.
    const upTo = Math.round((cumulated / total) * records);
    const key = Buffer.from(`user-${rank}`);
    const index = table.add(key, 0, key.length, upTo - given);
    const place = () => `key ${rank + 1} of ${name}`;
    for (; given < upTo; given++) onRecord(index, place);
  }
  return { table, records, encoding: 'utf8', emptyLines: 0, name, kind: 'distribution' };
}
