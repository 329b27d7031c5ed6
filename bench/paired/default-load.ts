import type { DriverLoad } from '../duet/driver-protocol.ts';

/**
 * What both sides are loaded with unless told otherwise. Small records, since what a client costs is mostly per record
 * and per batch; enough of them under way that no side waits for the target, and few enough that a segment drains in a
 * few milliseconds.
 */
export const DEFAULT_LOAD: Omit<DriverLoad, 'seed'> = {
  recordSizeBytes: 100,
  poolSize: 1000,
  recordsPerSend: 50,
  inFlight: 2000,
};

/** Of each side's topic. */
export const DEFAULT_PARTITIONS = 6;
