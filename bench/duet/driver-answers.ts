import type { DriverAnswer, DriverSegment } from './driver-protocol.ts';

/** A line that claims to be an answer and is not one; the message says what is wrong with it. */
export class BadAnswer extends Error {}

/**
 * A line of a driver's standard output: an answer, or null for any other line, which belongs to its log. Throws
 * BadAnswer for an answer with wrong fields.
 */
export function parseAnswer(line: string): DriverAnswer | null {
  if (!line.startsWith('{')) return null;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
  switch (fields['type']) {
    case 'ready':
      return { type: 'ready' };
    case 'segment':
      return readSegment(fields);
    case 'finished':
      return { type: 'finished', acknowledged: count(fields, 'acknowledged') };
    case 'error':
      return { type: 'error', message: String(fields['message'] ?? 'an error without a message') };
    default:
      return null;
  }
}

function readSegment(fields: Readonly<Record<string, unknown>>): DriverSegment {
  const segment = {
    type: 'segment',
    records: count(fields, 'records'),
    wallNs: nanoseconds(fields, 'wallNs'),
    // An absent figure is one that the driver cannot tell.
    cpuNs: (fields['cpuNs'] ?? null) === null ? null : nanoseconds(fields, 'cpuNs'),
  } as const;
  const { latencyNs } = fields;
  if (latencyNs === undefined || latencyNs === null) return segment;
  if (typeof latencyNs !== 'object') throw new BadAnswer(`latencyNs is ${show(latencyNs)}, not an object`);
  const quantiles = latencyNs as Record<string, unknown>;
  const [p50, p90, p99] = ['p50', 'p90', 'p99'].map((name) => nanoseconds(quantiles, name, 'latencyNs.'));
  if (p50! > p90! || p90! > p99!)
    throw new BadAnswer(`p50, p90 and p99 are ${p50}, ${p90} and ${p99}: not in order`);
  return { ...segment, latencyNs: { p50: p50!, p90: p90!, p99: p99! } };
}

function count(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name];
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new BadAnswer(`${name} is ${show(value)}, not a count`);
}

/** JSON has no NaN and no infinity; 1e999 is read as one. */
function nanoseconds(fields: Readonly<Record<string, unknown>>, name: string, within = ''): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new BadAnswer(`${within}${name} is ${show(value)}, not a time in nanoseconds`);
}

function show(value: unknown): string {
  const text = value === undefined ? 'missing' : String(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** What the segment was asked to be, and how long the answer really took. */
export interface AskedSegment {
  readonly command: { readonly type: 'closed'; readonly durationMs: number } | OpenCommand;
  readonly tookNs: number;
  readonly processors: number;
}

interface OpenCommand {
  readonly type: 'open';
  readonly durationMs: number;
  readonly recordsPerSecond: number;
}

/** Clocks differ by this share, and by this much, before a claim is called impossible. */
const CLOCK_SHARE = 0.02;
const CLOCK_SLACK_NS = 25e6;
/** A closed segment is over when its time is; a client that sends seldom may notice early. */
const MIN_CLOSED_SHARE = 0.8;

/** What cannot be true of a segment, or null. Counts are held against the log as well, by whoever made the topic. */
export function impossibleClaim(segment: DriverSegment, asked: AskedSegment): string | null {
  const { command, tookNs, processors } = asked;
  const atMostNs = tookNs * (1 + CLOCK_SHARE) + CLOCK_SLACK_NS;
  const claims = `it claims ${segment.records} records in ${milliseconds(segment.wallNs)}`;
  const took = `its answer took ${milliseconds(tookNs)}`;
  if (segment.records === 0) return 'it produced nothing';
  if (segment.wallNs > atMostNs) return `${claims}, and ${took}`;
  if (segment.cpuNs !== null && segment.cpuNs > atMostNs * processors) {
    return `it claims ${milliseconds(segment.cpuNs)} of CPU time, and ${took} on ${processors} processors`;
  }
  if (command.type === 'closed') {
    const isCutShort = segment.wallNs < command.durationMs * 1e6 * MIN_CLOSED_SHARE;
    return isCutShort ? `${claims}, and was asked to produce for ${command.durationMs} ms` : null;
  }
  const due = (command.durationMs / 1000) * command.recordsPerSecond;
  if (Math.abs(segment.records - due) > 1 + due * 1e-9) {
    return `it claims ${segment.records} records, and ${due} were due: record k at start + k / rate, none left out`;
  }
  return segment.latencyNs === undefined ? 'its open segment has no latencyNs' : null;
}

function milliseconds(ns: number): string {
  return `${(ns / 1e6).toFixed(1)} ms`;
}
