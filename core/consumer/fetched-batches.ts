import { TidemarkError } from '../base/errors.ts';
import { BatchView, iterateBatches } from '../record/batch-view.ts';

const scanner = new BatchView();

/**
 * The offset after the last whole batch of a fetched records field, by the headers alone; -1 when it holds no
 * whole batch. Throws CORRUPT_MESSAGE for bytes that are no batches.
 */
export function offsetAfterBatches(records: Buffer): number {
  let next = -1;
  for (const batch of iterateBatches(records, scanner)) next = batch.lastOffset + 1;
  return next;
}

/**
 * Visits the whole data batches of a fetched records field (control batches hold no records of applications), each
 * with its CRC checked unless told not to. Throws CORRUPT_MESSAGE naming partition and offset.
 */
export function visitBatches(
  name: string,
  records: Buffer,
  options: { readonly view: BatchView; readonly checkCrcs: boolean },
  onBatch: (batch: BatchView) => void,
): void {
  for (const batch of iterateBatches(records, options.view)) {
    if (options.checkCrcs && !batch.isCrcValid()) {
      throw new TidemarkError(
        'CORRUPT_MESSAGE',
        `${name}: the batch at offset ${batch.baseOffset} fails its CRC`,
      );
    }
    if (!batch.isControl) onBatch(batch);
  }
}
