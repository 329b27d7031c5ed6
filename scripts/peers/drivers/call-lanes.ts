import type { DriverRun } from '../driver-run.ts';

/*
 * kafkajs and @platformatic/kafka make a batch of what one call of send() is given, and have no linger. Their best
 * form here: calls that fill a batch of one partition, several of them under way.
 */

const RECORD_FRAMING_BYTES = 10;

/** The payloads cut into calls; each goes to one partition, the next call to the next one. */
export function cutIntoCalls<T>(items: readonly T[], recordsPerCall: number): T[][] {
  const calls: T[][] = [];
  for (let start = 0; start + recordsPerCall <= items.length; start += recordsPerCall) {
    calls.push(items.slice(start, start + recordsPerCall));
  }
  return calls;
}

/** As many records as fill a batch, and as few as the payload file has. */
export function recordsPerCall(run: DriverRun, payloadCount: number): number {
  const fitting = Math.floor((run.batchSizeBytes - 61) / (run.recordSizeBytes + RECORD_FRAMING_BYTES));
  return Math.max(1, Math.min(fitting, payloadCount));
}

/** Keeps `lanes` calls under way until the time is up; resolves when the last one is answered. */
export async function keepUnderWay(
  lanes: number,
  durationMs: number,
  call: () => Promise<void>,
): Promise<void> {
  const endMs = performance.now() + durationMs;
  const lane = async (): Promise<void> => {
    while (performance.now() < endMs) await call();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
