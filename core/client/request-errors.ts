import { TidemarkError } from '../base/errors.ts';
import { deadlineNs, type InFlightRequest } from './in-flight-requests.ts';

/** A connection that could not be opened, or closed: another one may do. */
export function networkError(message: string, cause?: unknown): TidemarkError {
  return new TidemarkError('NETWORK', message, { retriable: true, cause: cause ?? undefined });
}

/** What requests get that are not to blame for the error that closes their connection. */
export function bystanderError(error: TidemarkError): TidemarkError {
  return error.kind === 'NETWORK' ? error : networkError(`connection closed: ${error.message}`, error);
}

function timeoutError(request: InFlightRequest, broker: string): TidemarkError {
  const what = `${request.api!.name} request ${request.correlationId} to ${broker}`;
  const state = request.isWritten ? 'got no response' : 'could not be written';
  return new TidemarkError('TIMEOUT', `${what} ${state} within ${request.timeoutMs} ms`, { retriable: true });
}

/** A connection that closed of itself, with the system's error if there was one. */
export function lostConnection(broker: string, error: Error | null): TidemarkError {
  const why = error === null ? 'closed by the broker' : `lost: ${error.message}`;
  return networkError(`connection to ${broker} ${why}`, error);
}

/**
 * What each request gets when `error` closes its connection, asked of them in order: those past their time at `nowNs`
 * TIMEOUT, the oldest the error itself (a response that is bad is its), all others NETWORK.
 */
export function outcomesOf(
  error: TidemarkError,
  nowNs: number,
  broker: string,
): (request: InFlightRequest) => TidemarkError {
  const others = bystanderError(error);
  let ended = 0;
  return (request) => {
    const isFirst = ended++ === 0;
    if (deadlineNs(request) <= nowNs) return timeoutError(request, broker);
    return isFirst ? error : others;
  };
}

/** A response that is not the one due, which is that of `due`; null when none is. */
export function unexpectedResponse(correlationId: number, due: InFlightRequest | null): TidemarkError {
  const expected =
    due === null ? 'and no request waits for one' : `where ${due.correlationId} (${due.api!.name}) was next`;
  return new TidemarkError('PROTOCOL', `response ${correlationId} came ${expected}`);
}

/** Why a request could not be encoded. */
export function encodingError(error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TidemarkError('SERIALIZATION', message, { cause: error });
}
