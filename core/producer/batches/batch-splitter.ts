import { BATCH_HEADER_BYTES } from '../../record/batch-layout.ts';
import { BatchView } from '../../record/batch-view.ts';
import { RecordCursor } from '../../record/record-cursor.ts';
import { recordSizeUpperBound } from '../../record/record-size.ts';
import type { ProducerBatch } from './producer-batch.ts';

export interface SplitOptions {
  readonly batchSizeBytes: number;
  /** Estimated wire bytes per record byte from now on. */
  readonly wireFactor: number;
  readonly newBatch: () => ProducerBatch;
}

/**
 * Divides a sealed batch of several records that the broker found too large into parts of at most batch.size by
 * estimate (ProducerBatch.split). One that batch.size would not divide is halved: sent again as it is, it would be
 * refused again for ever. The parts have what the batch had: queue, creation time, and in order the deliveries of
 * its records. The batch itself keeps its bytes, and must not be told to anybody any more.
 */
export function splitBatch(batch: ProducerBatch, options: SplitOptions): ProducerBatch[] {
  const { wireFactor } = options;
  const cursor = new RecordCursor();
  const recordBytes = batch.uncompressedBytes - BATCH_HEADER_BYTES;
  cursor.reset(new BatchView(batch.sealed!), Math.max(recordBytes, 1));
  const wholeBytes = BATCH_HEADER_BYTES + recordBytes * wireFactor;
  const limitBytes =
    wholeBytes <= options.batchSizeBytes ? Math.floor(wholeBytes / 2) : options.batchSizeBytes;
  const parts: ProducerBatch[] = [];
  const starts: number[] = [];
  let part: ProducerBatch | null = null;
  for (let index = 0; cursor.next(); index++) {
    const { key, value, timestampMs } = cursor;
    const headers = cursor.headerCount === 0 ? null : cursor.headers();
    if (part !== null) {
      const sizeBytes = part.builder.sizeOfNext(timestampMs, key, value, headers);
      if (part.wireBytes + sizeBytes > limitBytes) part = null;
    }
    if (part === null) {
      part = options.newBatch();
      part.open(batch.queue!, batch.id, batch.createdNs);
      const neededBytes = BATCH_HEADER_BYTES + recordSizeUpperBound(key, value, headers);
      part.isPooled = false;
      part.useBuffer(Buffer.allocUnsafeSlow(Math.max(limitBytes, neededBytes)), limitBytes, wireFactor);
      parts.push(part);
      starts.push(index);
    }
    part.builder.append(timestampMs, key, value, headers);
  }
  parts.forEach((each, place) => {
    const start = starts[place]!;
    batch.deliveries.copyTo(each.deliveries, start, start + each.builder.count);
    // Between the batch before and this one; the last part has the batch's own id.
    each.idSpan = batch.idSpan / parts.length;
    each.id = batch.id - each.idSpan * (parts.length - 1 - place);
    each.state = 'queued';
    each.firstDrainedNs = batch.firstDrainedNs;
    each.lastDrainedNs = batch.lastDrainedNs;
  });
  return parts;
}
