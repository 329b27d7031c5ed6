import { TidemarkError } from '../../base/errors.ts';
import { describeValue } from '../../record/described.ts';

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
  if (!(signal instanceof AbortSignal)) return Promise.reject(noSignal(signal, what));
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(interruptedError(what, signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The signal of a call's options, not aborted yet. Throws INVALID_ARGUMENT for what is none, and INTERRUPTED. */
export function signalOf(
  options: { readonly signal?: AbortSignal | undefined },
  what: string,
): AbortSignal | undefined {
  const signal: unknown = typeof options === 'object' ? options.signal : options;
  if (signal === undefined) return undefined;
  if (!(signal instanceof AbortSignal)) throw noSignal(signal, what);
  if (signal.aborted) throw interruptedError(what, signal);
  return signal;
}

function noSignal(got: unknown, what: string): TidemarkError {
  return new TidemarkError(
    'INVALID_ARGUMENT',
    `${what}: expected { signal } with an AbortSignal, got ${describeValue(got)}`,
  );
}
