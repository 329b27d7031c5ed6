import { TidemarkError } from '../../base/errors.ts';

/**
 * The client's side of one login, step by step. `first` is what it begins with; `next` takes what the broker answered
 * and gives the following message, or null when the login is complete. Throws AUTHENTICATION for an answer that must
 * not be trusted.
 */
export interface SaslExchange {
  first(): Buffer;
  next(challenge: Buffer): Buffer | null;
}

/** A login that failed, which trying again does not mend. */
export function authenticationError(message: string, cause?: unknown): TidemarkError {
  return new TidemarkError('AUTHENTICATION', message, { cause: cause ?? undefined });
}
