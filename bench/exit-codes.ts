/**
 * What the process says to whoever started it. Where several apply, the first in the order
 * interrupted, bad input, unreachable, failed trial wins.
 */
export const EXIT = {
  ok: 0,
  /** Bad input or usage. */
  usage: 2,
  /** A trial failed, or records were lost, duplicated, reordered or corrupted; or results could not be written. */
  failed: 3,
  /** The target is unreachable or refuses the login. */
  unreachable: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const PRECEDENCE: readonly ExitCode[] = [EXIT.interrupted, EXIT.usage, EXIT.unreachable, EXIT.failed];

/** The one code that stands for all that happened. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.ok;
}
