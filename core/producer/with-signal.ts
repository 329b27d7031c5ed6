import { TidemarkError } from '../base/errors.ts';

/** The caller's AbortSignal ended a wait (Kafka's InterruptException). */
export function interruptedError(what: string, signal: AbortSignal | undefined): TidemarkError {
  return new TidemarkError('INTERRUPTED', `${what} was ended by its signal`, { cause: signal?.reason });
}

/**
 * The promise's outcome, or INTERRUPTED as soon as the signal aborts; what was waited for goes on unobserved.
 * Without a signal, the promise itself.
 */
export function withSignal<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  what: string,
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(interruptedError(what, signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
