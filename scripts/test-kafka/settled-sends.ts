import type { TidemarkError } from '../../core/base/errors.ts';
import type { Producer, ProducerRecord, RecordMetadata } from '../../core/producer/producer.ts';

/** How one record ended. */
export type Settled =
  | { readonly error: TidemarkError; readonly metadata: null; readonly tookMs: number }
  | { readonly error: null; readonly metadata: RecordMetadata; readonly tookMs: number };

/** Sends records, and gives how each ended; rejects when one has not settled within `timeoutMs`, or settles twice. */
export async function settleAll(
  producer: Producer,
  records: readonly ProducerRecord[],
  timeoutMs: number,
): Promise<Settled[]> {
  const settled: Settled[] = [];
  await new Promise<void>((resolve, reject) => {
    let left = records.length;
    const late = () =>
      reject(new Error(`${left} of ${records.length} records have not settled within ${timeoutMs} ms`));
    const timer = setTimeout(late, timeoutMs);
    records.forEach((record, index) => {
      const startedMs = performance.now();
      producer.send(record, (error, metadata) => {
        if (settled[index] !== undefined) reject(new Error(`record ${index} settled twice`));
        const tookMs = performance.now() - startedMs;
        settled[index] = error === null ? { error, metadata, tookMs } : { error, metadata: null, tookMs };
        left--;
        if (left > 0) return;
        clearTimeout(timer);
        resolve();
      });
    });
  });
  return settled;
}

/** The message, and those of what caused it. */
export function reasonsOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return [error.message, reasonsOf(error.cause)].filter((text) => text !== '').join(' <- ');
}
