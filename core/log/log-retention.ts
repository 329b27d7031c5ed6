import type { LogConfig } from './log-config.ts';
import type { LogSegment } from './log-segment.ts';

/**
 * How many of the oldest segments are beyond retention.ms or retention.bytes (Kafka's UnifiedLog.deleteOldSegments).
 * By size never the last one, which grows; by time that one too, unless it is empty.
 */
export function countDeletable(segments: readonly LogSegment[], config: LogConfig, nowMs: number): number {
  return Math.max(
    countExpired(segments, config.retentionMs, nowMs),
    countBeyond(segments, config.retentionBytes),
  );
}

function countExpired(segments: readonly LogSegment[], retentionMs: number, nowMs: number): number {
  if (retentionMs < 0) return 0;
  const kept = segments.findIndex(
    (each) => each.sizeBytes === 0 || nowMs - each.ageTimestampMs <= retentionMs,
  );
  return kept < 0 ? segments.length : kept;
}

function countBeyond(segments: readonly LogSegment[], retentionBytes: number): number {
  if (retentionBytes < 0) return 0;
  let excess = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) - retentionBytes;
  const kept = segments.findIndex((segment, index) => {
    excess -= segment.sizeBytes;
    return excess < 0 || index === segments.length - 1;
  });
  return kept;
}
