import type { Storage } from '../base/storage.ts';
import type { CheckpointFiles } from './log-checkpoint.ts';
import type { LogConfig } from './log-config.ts';
import { LOG_SUFFIX, parseSegmentFileName } from './log-file-names.ts';
import { LogSegment } from './log-segment.ts';

export interface LoadOptions {
  readonly storage: Storage;
  readonly directory: string;
  readonly config: LogConfig;
  readonly checkpoints: CheckpointFiles;
  readonly nowMs: number;
}

export interface LoadedLog {
  /** At least one; the last is the one to append to. */
  readonly segments: LogSegment[];
  readonly recoveryPoint: number;
  /** What recovery cut off and why, in words; null when nothing was wrong. */
  readonly damage: string | null;
}

/**
 * Opens what a partition's directory holds (Kafka's LogLoader). After a clean shutdown indexes and log are taken as
 * they are. After any other end every segment from the recovery point on is read: the log ends before the first
 * batch that is not whole and in order, and later segments are dropped.
 */
export function loadSegments(options: LoadOptions): LoadedLog {
  const { checkpoints } = options;
  const { recoveryPoint, startOffset } = checkpoints.readCheckpoint();
  const cleanEndOffset = checkpoints.readCleanShutdown();
  const bases = clearedBaseOffsets(options, startOffset);
  if (cleanEndOffset !== null) {
    const segments = loadTrusting(options, bases, cleanEndOffset);
    if (segments !== null) return { segments, recoveryPoint: segments.at(-1)!.baseOffset, damage: null };
  }
  const { segments, damage } = recoverSegments(options, bases, recoveryPoint);
  if (segments.length === 0) segments.push(openSegment(options, startOffset));
  return { segments, recoveryPoint: segments.at(-1)!.baseOffset, damage };
}

/** Base offsets in order, without the segments that retention had deleted and without indexes that lost their log. */
function clearedBaseOffsets(options: LoadOptions, startOffset: number): number[] {
  const { storage, directory } = options;
  const found = storage.list(directory).flatMap((name) => {
    const parsed = parseSegmentFileName(name);
    return parsed === null ? [] : [{ ...parsed, name }];
  });
  const logs = found.filter((file) => file.suffix === LOG_SUFFIX).map((file) => file.baseOffset);
  const kept = logs.filter((_, index) => index + 1 === logs.length || logs[index + 1]! > startOffset);
  for (const file of found) {
    if (!kept.includes(file.baseOffset)) storage.remove(`${directory}/${file.name}`);
  }
  return kept;
}

/** Null when something contradicts the clean shutdown. */
function loadTrusting(
  options: LoadOptions,
  bases: readonly number[],
  endOffset: number,
): LogSegment[] | null {
  const segments: LogSegment[] = [];
  for (const [index, baseOffset] of bases.entries()) {
    const segment = openSegment(options, baseOffset);
    segments.push(segment);
    if (!segment.load(bases[index + 1] ?? null)) break;
  }
  const last = segments.at(-1);
  if (last !== undefined && segments.length === bases.length && last.endOffset === endOffset) return segments;
  for (const segment of segments) segment.close();
  return null;
}

function recoverSegments(
  options: LoadOptions,
  bases: readonly number[],
  recoveryPoint: number,
): { segments: LogSegment[]; damage: string | null } {
  const segments: LogSegment[] = [];
  for (const [index, baseOffset] of bases.entries()) {
    const previous = segments.at(-1);
    let damage =
      previous === undefined || previous.endOffset === baseOffset
        ? null
        : `no segment at ${previous.endOffset}`;
    if (damage !== null) {
      removeSegments(options, bases.slice(index));
      return { segments, damage };
    }
    const next = bases[index + 1];
    const isTrusted = next !== undefined && next <= recoveryPoint;
    let segment = openSegment(options, baseOffset);
    segments.push(segment);
    if (isTrusted) {
      if (segment.load(next)) continue;
      segment.close();
      segment = openSegment(options, baseOffset);
      segments[segments.length - 1] = segment;
    }
    damage = segment.recover();
    // What a failed write left behind the last batch of a closed segment is cut off, and nothing is lost.
    if (damage !== null && segment.endOffset !== next) {
      removeSegments(options, bases.slice(index + 1));
      return { segments, damage: `segment ${baseOffset}, from offset ${segment.endOffset}: ${damage}` };
    }
  }
  return { segments, damage: null };
}

function removeSegments(options: LoadOptions, bases: readonly number[]): void {
  // From the end, so that a crash on the way leaves no gap.
  for (const baseOffset of bases.toReversed()) openSegment(options, baseOffset).remove();
  if (bases.length > 0) options.storage.syncDirectory(options.directory);
}

function openSegment(options: LoadOptions, baseOffset: number): LogSegment {
  return new LogSegment({ ...options, baseOffset });
}
