import { BatchScanner } from './batch-scanner.ts';
import type { LogSegment } from './log-segment.ts';
import type { ProducerStates } from './producer-state.ts';

/** So much of a log's end is looked through, by headers alone, so that a log of any size opens in some 20 ms more. */
const SCANNED_TAIL_BYTES = 16 * 1024 * 1024;
const WINDOW_BYTES = 64 * 1024;

/**
 * Fills the state of a log that was opened from the headers of the batches at its end. What is found is right however
 * little is looked through, since a producer's last batches are the last ones; producers that wrote only before are
 * not remembered, and may go on with any sequence. Their silence counts from now: who was at work before a restart is
 * not forgotten for it.
 */
export function restoreProducers(
  states: ProducerStates,
  segments: readonly LogSegment[],
  nowMs: number,
  tailBytes: number = SCANNED_TAIL_BYTES,
): void {
  let first = segments.length;
  let remainingBytes = tailBytes;
  while (first > 0 && remainingBytes > 0) remainingBytes -= segments[--first]!.sizeBytes;
  for (let index = first; index < segments.length; index++) {
    const segment = segments[index]!;
    const from = index === first && remainingBytes < 0 ? positionBehind(segment, -remainingBytes) : 0;
    const scanner = new BatchScanner(segment.file, { from, windowBytes: WINDOW_BYTES, wholeBatches: false });
    while (scanner.next()) {
      if (scanner.view.producerId >= 0) states.appended(scanner.view, nowMs);
    }
  }
}

/** Where a batch begins, about `skippedBytes` into the segment: by offsets, taking the batches for equally large. */
function positionBehind(segment: LogSegment, skippedBytes: number): number {
  const offsets = segment.endOffset - segment.baseOffset;
  return segment.positionOf(segment.baseOffset + Math.floor((offsets * skippedBytes) / segment.sizeBytes));
}
