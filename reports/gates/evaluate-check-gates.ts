import type { CheckMetric, CheckMetricName } from '../check/check-result.ts';
import { figureText } from '../number-text.ts';
import { logMeanInterval } from '../statistics/mean-interval.ts';
import { decideGate } from './decide-gate.ts';
import type { GateOutcome } from './gate-outcome.ts';
import type { Gate } from './parse-gate.ts';

/** What a check measured, as far as gates ask about it. */
export interface CheckGateFigures {
  readonly metrics: readonly Pick<CheckMetric, 'metric' | 'candidate' | 'change' | 'low' | 'high'>[];
  /** The candidate's figure of each session, in the metric's unit. */
  readonly candidateSessions: Readonly<Partial<Record<CheckMetricName, readonly number[]>>>;
}

/**
 * Every gate over a check. A change (`cpu<+5%`) is decided by the check's own bounds of candidate over base; a figure
 * (`cpu<500ns`) is the candidate's own, the geometric mean of its sessions with the 95 % t interval of their logarithms:
 * that is wider, since the level of a session varies more than what two sides differ by within it.
 */
export function evaluateCheckGates(gates: readonly Gate[], figures: CheckGateFigures): GateOutcome[] {
  return gates.map((gate) =>
    gate.limit.kind === 'change'
      ? changeOutcome(gate, gate.limit.fraction, figures)
      : figureOutcome(gate, gate.limit.value, figures),
  );
}

function changeOutcome(gate: Gate, limit: number, { metrics }: CheckGateFigures): GateOutcome {
  const found = metrics.find(({ metric }) => metric === gate.metric.jsonName);
  if (found === undefined) return notMeasured(gate);
  const { change, low, high } = found;
  const verdict = decideGate(gate.comparator, limit, { low, high });
  const bounds = `${percentText(low)} to ${percentText(high)}`;
  const said = `${gate.metric.name} ${percentText(change)} against the base (bounds ${bounds})`;
  const open = 'the limit lies between the bounds; more sessions narrow them';
  const message = verdict === 'inconclusive' ? `${said}: ${open}` : said;
  return { expression: gate.expression, value: change, low, high, verdict, level: null, message };
}

function figureOutcome(gate: Gate, limit: number, { candidateSessions }: CheckGateFigures): GateOutcome {
  const sessions = candidateSessions[gate.metric.jsonName as CheckMetricName] ?? [];
  const estimate = logMeanInterval(sessions);
  if (estimate === null || estimate.low === null || estimate.high === null) return notMeasured(gate);
  const { value, low, high } = estimate;
  const verdict = decideGate(gate.comparator, limit, { low, high });
  const interval = `95 % interval ${figureText(low)} to ${figureText(high)}`;
  const said = `${gate.metric.name} ${figureText(value)} ${gate.metric.unit} of the candidate (${interval})`;
  const open = 'the limit lies inside the interval; more sessions narrow it';
  const message = verdict === 'inconclusive' ? `${said}: ${open}` : said;
  return { expression: gate.expression, value, low, high, verdict, level: null, message };
}

function notMeasured({ expression, metric }: Gate): GateOutcome {
  const nothing = { value: null, low: null, high: null, level: null };
  return { expression, ...nothing, verdict: 'inconclusive', message: `${metric.name} was not measured` };
}

/** `+4.2 %`, `-0.31 %`. */
function percentText(fraction: number): string {
  return `${fraction < 0 ? '-' : '+'}${figureText(Math.abs(fraction) * 100)} %`;
}
