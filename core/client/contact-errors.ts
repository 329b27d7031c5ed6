import { TidemarkError } from '../base/errors.ts';
import { isConclusion } from './opening-errors.ts';

/** Whether asking again, of any broker, cannot help: not an answer of the kind that networks and elections cause. */
export function isHopeless(error: TidemarkError): boolean {
  return !error.retriable && !CURABLE.has(error.kind);
}

const CURABLE = new Set(['NETWORK', 'TIMEOUT', 'PROTOCOL', 'REBOOTSTRAP_REQUIRED']);

/** One error for several servers: hopeless when one of them refused us, as the others would if they were there. */
export function summary(what: string, failures: readonly TidemarkError[]): TidemarkError {
  const message = `${what}: ${failures.map((failure) => failure.message).join('; ')}`;
  // What is only concluded from a failure counts when every server says so: another may just be down.
  const isSure = (failure: TidemarkError) => isHopeless(failure) && !isConclusion(failure);
  const refusal = failures.find(isSure) ?? (failures.every(isHopeless) ? failures[0] : undefined);
  if (refusal === undefined) return new TidemarkError('NETWORK', message, { retriable: true });
  return new TidemarkError(refusal.kind, message, { code: refusal.code, cause: refusal });
}

export function asTidemarkError(thrown: unknown): TidemarkError {
  if (thrown instanceof TidemarkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new TidemarkError('NETWORK', message, { cause: thrown, retriable: true });
}
