import { TidemarkError } from '../base/errors.ts';
import { backoffMs, sleep } from './backoff.ts';
import type { Cluster } from './cluster.ts';

export interface RetryBudget {
  /** What is being done, for the error of a budget used up. */
  readonly what: string;
  readonly timeoutMs: number;
}

/**
 * Repeats `attempt` with retry.backoff.ms between attempts while it fails retriably, and throws the last error when
 * the budget is used up: as TIMEOUT, naming it. `attempt` gets the milliseconds left.
 */
export async function retrying<T>(
  cluster: Cluster,
  budget: RetryBudget,
  attempt: (remainingMs: number) => Promise<T>,
): Promise<T> {
  const { clock, random, config } = cluster;
  const endNs = clock.nowNs() + budget.timeoutMs * 1e6;
  const range = { firstMs: Math.max(config.retryBackoffMs, 1), maxMs: Math.max(config.retryBackoffMaxMs, 1) };
  for (let failures = 1; ; failures++) {
    try {
      return await attempt(Math.max(1, Math.ceil((endNs - clock.nowNs()) / 1e6)));
    } catch (error) {
      if (!(error instanceof TidemarkError) || !error.retriable) throw error;
      const pauseMs = backoffMs(range, failures, random);
      if (clock.nowNs() + pauseMs * 1e6 >= endNs) throw exhausted(budget, error);
      await sleep(clock, pauseMs);
    }
  }
}

function exhausted(budget: RetryBudget, last: TidemarkError): TidemarkError {
  const message = `${budget.what}: not done within ${budget.timeoutMs} ms; last: ${last.message}`;
  return new TidemarkError('TIMEOUT', message, { cause: last, retriable: true });
}
