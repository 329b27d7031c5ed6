/** The names of a partition directory's files, as in Kafka's LogFileUtils. */
export const LOG_SUFFIX = '.log';
export const OFFSET_INDEX_SUFFIX = '.index';
export const TIME_INDEX_SUFFIX = '.timeindex';

const SEGMENT_NAME = /^(\d{20})\.(log|index|timeindex)$/;

/** `00000000000000001234.log`: the base offset in 20 digits, so that names sort as offsets do. */
export function segmentFileName(baseOffset: number, suffix: string): string {
  return `${String(baseOffset).padStart(20, '0')}${suffix}`;
}

export function segmentPath(directory: string, baseOffset: number, suffix: string): string {
  return `${directory}/${segmentFileName(baseOffset, suffix)}`;
}

/** Null for the name of anything else. */
export function parseSegmentFileName(name: string): { baseOffset: number; suffix: string } | null {
  const match = SEGMENT_NAME.exec(name);
  if (match === null) return null;
  const baseOffset = Number(match[1]);
  return Number.isSafeInteger(baseOffset) ? { baseOffset, suffix: `.${match[2]}` } : null;
}
