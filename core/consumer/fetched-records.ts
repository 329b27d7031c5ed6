import { TidemarkError } from '../base/errors.ts';
import { BATCH_HEADER_BYTES } from '../record/batch-layout.ts';
import { BatchView } from '../record/batch-view.ts';
import { RecordCursor } from '../record/record-cursor.ts';
import type { ConsumerRecord } from './consumer-record.ts';
import type { FetchPosition } from './fetch-position.ts';

const NO_HEADERS: ConsumerRecord['headers'] = [];

/** What one response brought for one partition, given out record by record. Whole batches are known to be there. */
export class FetchedRecords {
  readonly position: FetchPosition;
  /** Offset of the next record to give; past the last batch at the end. */
  nextOffset: number;
  readonly #records: Buffer;
  readonly #checkCrcs: boolean;
  readonly #batch = new BatchView();
  readonly #cursor = new RecordCursor();
  #nextBatchStart = 0;
  #isInBatch = false;

  /** `fromOffset`: the first batch may begin before the offset that was asked for. */
  constructor(position: FetchPosition, records: Buffer, fromOffset: number, checkCrcs: boolean) {
    this.position = position;
    this.nextOffset = fromOffset;
    this.#records = records;
    this.#checkCrcs = checkCrcs;
  }

  /** The next record, or null after the last. Throws CORRUPT_MESSAGE and INVALID_RECORD. */
  next(): ConsumerRecord | null {
    for (;;) {
      if (!this.#isInBatch && !this.#enterBatch()) return null;
      const cursor = this.#cursor;
      if (!cursor.next()) {
        this.#isInBatch = false;
        this.nextOffset = this.#batch.lastOffset + 1;
      } else if (cursor.offset >= this.nextOffset) {
        this.nextOffset = cursor.offset + 1;
        return this.#record();
      }
    }
  }

  #enterBatch(): boolean {
    for (;;) {
      const start = this.#nextBatchStart;
      const batch = this.#batch.reset(this.#records, start);
      const left = this.#records.length - start;
      if (left < BATCH_HEADER_BYTES || batch.lengthBytes > left) return false;
      this.#nextBatchStart = start + batch.lengthBytes;
      if (this.#checkCrcs && !batch.isCrcValid()) {
        const what = `the batch at offset ${batch.baseOffset} fails its CRC`;
        throw new TidemarkError('CORRUPT_MESSAGE', `${this.position.name}: ${what}`, { retriable: false });
      }
      if (!batch.isControl) {
        this.#cursor.reset(batch);
        this.#isInBatch = true;
        return true;
      }
      this.nextOffset = batch.lastOffset + 1;
    }
  }

  #record(): ConsumerRecord {
    const cursor = this.#cursor;
    return {
      topic: this.position.topic,
      partition: this.position.partition,
      offset: cursor.offset,
      timestamp: cursor.timestampMs,
      timestampType: this.#batch.timestampType,
      key: cursor.key,
      value: cursor.value,
      headers: cursor.headerCount === 0 ? NO_HEADERS : cursor.headers(),
    };
  }
}
