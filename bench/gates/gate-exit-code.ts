import type { GateOutcome, GateVerdict } from '../../reports/gates/gate-outcome.ts';
import { EXIT, type ExitCode, worstExitCode } from '../exit-codes.ts';

/** What --inconclusive makes of what could not be decided; null: an exit code of its own (5). */
export type InconclusiveAs = 'pass' | 'fail' | null;

/** 99 when a gate is breached, 5 when one could not be decided (unless that counts as a pass or a failure), else 0. */
export function gateExitCode(outcomes: readonly GateOutcome[], inconclusiveAs: InconclusiveAs): ExitCode {
  return worstExitCode(outcomes.map(({ verdict }) => verdictExitCode(verdict, inconclusiveAs)));
}

function verdictExitCode(verdict: GateVerdict, inconclusiveAs: InconclusiveAs): ExitCode {
  switch (verdict) {
    case 'pass':
      return EXIT.ok;
    case 'fail':
      return EXIT.breached;
    case 'inconclusive':
      return inconclusiveExitCode(inconclusiveAs);
  }
}

/** Of what could not be decided, gate or check. */
export function inconclusiveExitCode(inconclusiveAs: InconclusiveAs): ExitCode {
  if (inconclusiveAs === null) return EXIT.inconclusive;
  return inconclusiveAs === 'pass' ? EXIT.ok : EXIT.breached;
}
