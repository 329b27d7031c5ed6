import { changeText, countText, figureText, NO_FIGURE } from '../number-text.ts';
import type { GateOutcome } from './gate-outcome.ts';
import { type Gate, parseGate } from './parse-gate.ts';

export const GATE_COLUMNS = ['verdict', 'gate', 'value', '95 % interval', 'level'] as const;

/** A gate's outcome as the cells of GATE_COLUMNS: the same in the terminal, in Markdown and in HTML. */
export function gateCells(outcome: GateOutcome): readonly string[] {
  const gate = gateOf(outcome.expression);
  return [
    outcome.verdict === 'fail' ? 'FAIL' : outcome.verdict,
    outcome.expression,
    valueText(outcome.value, gate),
    intervalText(outcome, gate),
    outcome.level ?? NO_FIGURE,
  ];
}

/** What is to be said about gates that did not pass. */
export function gateRemarks(outcomes: readonly GateOutcome[]): string[] {
  return outcomes
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ expression, verdict, message }) => `${expression} ${saidOf(verdict)}: ${message}.`);
}

function saidOf(verdict: GateOutcome['verdict']): string {
  return verdict === 'fail' ? 'is breached' : 'cannot be decided';
}

/** null for what a later version may have written. */
function gateOf(expression: string): Gate | null {
  try {
    return parseGate(expression);
  } catch {
    return null;
  }
}

function valueText(value: number | null, gate: Gate | null): string {
  if (value === null) return NO_FIGURE;
  const unit = gate === null || isChange(gate) || gate.metric.unit === '' ? '' : ` ${gate.metric.unit}`;
  return `${numberText(value, gate)}${unit}`;
}

function intervalText({ value, low, high }: GateOutcome, gate: Gate | null): string {
  if (value === null || (low === null && high === null)) return NO_FIGURE;
  if (low === high) return 'exact';
  if (high === null) return 'at least that';
  return `${numberText(low, gate)} to ${numberText(high, gate)}`;
}

function numberText(value: number | null, gate: Gate | null): string {
  if (value !== null && gate !== null && isChange(gate)) return changeText(1 + value);
  return gate?.metric.kind === 'count' ? countText(value) : figureText(value);
}

function isChange({ limit }: Gate): boolean {
  return limit.kind === 'change';
}
