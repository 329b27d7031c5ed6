import type { Clock } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import { timerDelayMs } from '../client/backoff.ts';
import type { ProducerConfig } from './config/config.ts';

export interface TimeLimit {
  readonly clock: Clock;
  readonly maxBlockMs: number;
  /** What has not happened, for the error. */
  readonly what: string;
}

/** For a call that may have to connect first. */
export function timeLimit(config: ProducerConfig, clock: Clock, call: string): TimeLimit {
  const what = `${call}: none of bootstrap.servers (${config.bootstrapServers.join(',')}) has told of the cluster`;
  return { clock, maxBlockMs: config.maxBlockMs, what };
}

/** The promise's outcome, or TIMEOUT after max.block.ms; what was waited for goes on unobserved. */
export function withinMaxBlock<T>(promise: Promise<T>, limit: TimeLimit): Promise<T> {
  const { clock, maxBlockMs, what } = limit;
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(() => {
      const message = `${what} within ${maxBlockMs} ms (max.block.ms)`;
      reject(new TidemarkError('TIMEOUT', message, { retriable: true }));
    }, timerDelayMs(maxBlockMs));
    promise.then(resolve, reject).finally(() => clock.clearTimer(timer));
  });
}
