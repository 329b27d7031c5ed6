import { TidemarkError } from '../../core/base/errors.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';

/** What is thrown instead of `error`: 130 after Ctrl-C, 4 for a target that is not there, 3 for what failed. */
export function pairedFailure(error: unknown, signal: AbortSignal, what: 'verdict' | 'comparison'): unknown {
  if (signal.aborted) return new CliError(`interrupted: there is no ${what}`, EXIT.interrupted, error);
  if (!(error instanceof TidemarkError)) return error;
  const isGone = error.kind === 'NETWORK' || error.kind === 'TIMEOUT';
  return new CliError(error.message, isGone ? EXIT.unreachable : EXIT.failed, error);
}
