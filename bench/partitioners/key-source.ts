import type { KeyEncoding } from '../../workers/decode-key.ts';
import type { KeyTable } from './key-table.ts';

/** Called once per record, in order: the key's index in the table, and what an error is to call the record. */
export type OnRecord = (key: number, place: () => string) => void;

/** What was read or made. */
export interface KeysRead {
  readonly table: KeyTable;
  readonly records: number;
  readonly encoding: KeyEncoding;
  /** Lines without a key; 0 for a distribution. */
  readonly emptyLines: number;
  /** As people call it: the file, or the distribution. */
  readonly name: string;
  readonly kind: 'file' | 'distribution';
}
