import type { RecordData, RecordHeader } from '../../record/types.ts';
import type { DeliveryCallback } from '../types.ts';

/** A record that needs a new batch. */
export interface PendingRecord {
  readonly key: RecordData;
  readonly value: RecordData;
  readonly headers: readonly RecordHeader[] | null;
  readonly timestampMs: number;
  readonly callback: DeliveryCallback | null;
  readonly opaque: number | object | undefined;
}
