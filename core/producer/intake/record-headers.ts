import { TidemarkError } from '../../base/errors.ts';
import { describeValue } from '../../record/described.ts';
import type { RecordHeader } from '../../record/types.ts';
import type { RecordHeaders } from '../types.ts';

/** Headers as a list: the list itself, or what an object says, in the order of its names. */
export function headerList(headers: RecordHeaders): readonly RecordHeader[] {
  if (Array.isArray(headers)) return headers;
  if (typeof headers !== 'object' || headers === null || Symbol.iterator in headers) {
    throw new TidemarkError(
      'SERIALIZATION',
      `headers must be a list of { key, value }, or an object of names and values, got ${describeValue(headers)}`,
    );
  }
  return Object.entries(headers).map(([key, value]) => ({ key, value }));
}
