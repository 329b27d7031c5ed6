import { CHECK_SCHEMA, type CheckResult, type CheckVerdict } from '../../reports/check/check-result.ts';
import { detectableChange } from '../../reports/check/decide.ts';
import { figuresOfSide, logRatiosOf, summarizeSessions } from '../../reports/check/summarize-sessions.ts';
import { evaluateCheckGates } from '../../reports/gates/evaluate-check-gates.ts';
import { EXIT, type ExitCode, worstExitCode } from '../exit-codes.ts';
import { gateExitCode, type InconclusiveAs, inconclusiveExitCode } from '../gates/gate-exit-code.ts';
import type { CheckPlan } from './check-plan.ts';
import type { DecidedSessions } from './run-sessions.ts';

export type CheckContext = Pick<
  CheckResult,
  | 'base'
  | 'candidate'
  | 'load'
  | 'candidateCommit'
  | 'environment'
  | 'startedAt'
  | 'seed'
  | 'command'
  | 'notes'
>;

/** check.json, from the sessions and what decided them. */
export function assembleCheck(
  { sessions, verdict, look }: DecidedSessions,
  { metric, criteria, metrics, gates }: CheckPlan,
  context: CheckContext,
): CheckResult {
  const summaries = summarizeSessions(sessions, { metrics, look });
  const [primary] = summaries;
  return {
    schema: CHECK_SCHEMA,
    verdict,
    metric,
    change: primary!.change,
    low: primary!.low,
    high: primary!.high,
    sessions: sessions.length,
    seconds: sessions.reduce((sum, { seconds }) => sum + seconds, 0),
    detectable: detectableChange(logRatiosOf(sessions, metric)!, criteria, look),
    tolerance: criteria.tolerance,
    margin: criteria.margin,
    gates: evaluateCheckGates(gates, {
      metrics: summaries,
      candidateSessions: figuresOfSide(sessions, 'candidate'),
    }),
    metrics: summaries,
    ...context,
  };
}

/** 0 for what may pass, 99 for a regression or a breached gate, 5 for what could not be decided, unless told otherwise. */
export function exitCodeOfCheck(
  { verdict, gates }: Pick<CheckResult, 'verdict' | 'gates'>,
  inconclusiveAs: InconclusiveAs,
): ExitCode {
  return worstExitCode([verdictExitCode(verdict, inconclusiveAs), gateExitCode(gates, inconclusiveAs)]);
}

function verdictExitCode(verdict: CheckVerdict, inconclusiveAs: InconclusiveAs): ExitCode {
  switch (verdict) {
    case 'no regression':
    case 'minor slowdown':
    case 'improvement':
      return EXIT.ok;
    case 'regression':
      return EXIT.breached;
    case 'inconclusive':
      return inconclusiveExitCode(inconclusiveAs);
  }
}
