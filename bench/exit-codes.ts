/**
 * What the process says to whoever started it. Where several apply, the first in the order
 * interrupted, bad input, unreachable, failed trial, breached, inconclusive wins.
 */
export const EXIT = {
  ok: 0,
  /** Bad input or usage. */
  usage: 2,
  /** A trial failed, or records were lost, duplicated, reordered or corrupted; or results could not be written. */
  failed: 3,
  /** The target is unreachable or refuses the login; what a check compares does not build or start. */
  unreachable: 4,
  /** A gate or a check could not be decided. */
  inconclusive: 5,
  /** A gate was breached, or a check found a regression. */
  breached: 99,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const PRECEDENCE: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.usage,
  EXIT.unreachable,
  EXIT.failed,
  EXIT.breached,
  EXIT.inconclusive,
];

/** The one code that stands for all that happened. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.ok;
}
