import type { Clock } from '../../core/base/clock.ts';
import type { Random } from '../../core/base/random.ts';

/** What happens to everything that is written, by chance. Times are whole milliseconds, one way. */
export interface Weather {
  readonly minLatencyMs: number;
  readonly maxLatencyMs: number;
  /** What arrives at once comes in several chunks. */
  readonly splitChance: number;
  /** A write is cut anywhere, its first part arrives, and both sides lose the connection. */
  readonly resetChance: number;
  /** The operating system takes a write only some milliseconds later. */
  readonly slowTakeChance: number;
  /** What was under way when a side closed still arrives at the other. */
  readonly lateBytesChance: number;
}

export const CALM: Weather = {
  minLatencyMs: 1,
  maxLatencyMs: 1,
  splitChance: 0,
  resetChance: 0,
  slowTakeChance: 0,
  lateBytesChance: 0,
};

/** Which way nothing passes. What was written waits, and arrives after the healing if somebody still listens. */
export type Silence = 'none' | 'both' | 'to-broker' | 'to-client';

/** What is wrong with one endpoint. */
export interface Trouble {
  isRefusing: boolean;
  /** Attempts to connect are never answered. */
  isBlackHole: boolean;
  silence: Silence;
  /** One byte a second, both ways. */
  isTrickling: boolean;
}

/** What a connection asks of the network that it belongs to. */
export interface LinkWorld<End> {
  readonly clock: Clock;
  readonly random: Random;
  readonly weather: Weather;
  chance(probability: number): boolean;
  latencyMs(): number;
  /** How many bytes of this write arrive before the connection is reset; null: it goes through. */
  drawCut(end: End, bytes: number): number | null;
  noteClosed(end: End): void;
  /** An end has closed, and nothing of it is under way any more. */
  release(end: End): void;
}

export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
