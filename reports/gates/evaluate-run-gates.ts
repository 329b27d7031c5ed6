import { type HistogramSource, type Level, levelsOf } from '../levels/levels.ts';
import { countText, figureText } from '../number-text.ts';
import type { Result } from '../result.ts';
import { badness, decideGate, type GateBounds } from './decide-gate.ts';
import { type GateFigure, gateFigure } from './gate-figure.ts';
import type { GateOutcome, GateVerdict } from './gate-outcome.ts';
import { isSelected } from './gate-selector.ts';
import type { Gate } from './parse-gate.ts';

/**
 * Every gate over a run's levels. A gate is as bad as its worst level, and tells of the level that comes nearest to
 * breaching it. What a run that was cut off has not measured may still breach a gate: nothing passes in it.
 */
export function evaluateRunGates(
  gates: readonly Gate[],
  result: Result,
  source?: HistogramSource,
): GateOutcome[] {
  if (gates.length === 0) return [];
  const { all } = levelsOf(result, source);
  return gates.map((gate) => {
    const levels = all.filter((level) => isSelected(gate.selector, level));
    const outcome = worstOf(gate, levels);
    if (!result.interrupted || outcome.verdict === 'fail') return outcome;
    const cut = 'the run is not complete: --resume measures the rest';
    return { ...outcome, verdict: 'inconclusive', message: joined(outcome.message, cut) };
  });
}

const SEVERITY: readonly GateVerdict[] = ['pass', 'inconclusive', 'fail'];

function worstOf(gate: Gate, levels: readonly Level[]): GateOutcome {
  const decided = levels.map((level) => outcomeOf(gate, level));
  const [worst] = decided.toSorted((a, b) => compareBadness(gate, b, a));
  if (worst === undefined) {
    const nothing = { value: null, low: null, high: null, level: null };
    return {
      expression: gate.expression,
      ...nothing,
      verdict: 'inconclusive',
      message: 'none of its levels was measured',
    };
  }
  const alike = decided.filter(({ verdict }) => verdict === worst.verdict).length;
  if (worst.verdict === 'pass' || alike === 1) return worst;
  const what = worst.verdict === 'fail' ? 'breach it' : 'cannot be decided';
  return { ...worst, message: joined(worst.message, `${alike} of ${decided.length} levels ${what}`) };
}

function compareBadness(gate: Gate, a: GateOutcome, b: GateOutcome): number {
  const bySeverity = SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict);
  if (bySeverity !== 0) return bySeverity;
  if (a.value === null || b.value === null) return (a.value === null ? 0 : 1) - (b.value === null ? 0 : 1);
  const limit = limitValue(gate);
  return badness(gate.comparator, limit, a.value) - badness(gate.comparator, limit, b.value);
}

function limitValue({ limit }: Gate): number {
  if (limit.kind === 'figure') return limit.value;
  throw new RangeError('a run has no base to change from: a change is a gate of a check');
}

function outcomeOf(gate: Gate, level: Level): GateOutcome {
  const figure = gateFigure(gate.metric, level);
  const name = levelName(level);
  const frame = { expression: gate.expression, level: name };
  if (figure.kind === 'missing') {
    const message = `${gate.metric.name} at ${name}: ${figure.reason}`;
    return { ...frame, value: null, low: null, high: null, verdict: 'inconclusive', message };
  }
  const { verdict, reason } = decide(gate, figure, level);
  const shown = shownBounds(figure);
  return { ...frame, value: figure.value, ...shown, verdict, message: messageOf(gate, figure, name, reason) };
}

interface Decision {
  readonly verdict: GateVerdict;
  readonly reason: string | null;
}

function decide(gate: Gate, figure: Exclude<GateFigure, { kind: 'missing' }>, level: Level): Decision {
  const { metric, comparator } = gate;
  const verdict = decideGate(comparator, limitValue(gate), boundsOf(gate, figure));
  const isLatency = metric.kind === 'latency' || metric.kind === 'largest';
  if (isLatency && level.overloaded && verdict === 'pass') {
    return {
      verdict: 'inconclusive',
      reason: 'the level could not carry that rate, and its latency grows with the length of the phase',
    };
  }
  if (verdict !== 'inconclusive') return { verdict, reason: null };
  return { verdict, reason: undecided(gate, figure) };
}

function undecided(gate: Gate, figure: Exclude<GateFigure, { kind: 'missing' }>): string {
  switch (figure.kind) {
    case 'single':
      return `one trial has no interval and decides only beyond ${gate.metric.singleTrialFactor} times the limit; --repeats gives one`;
    case 'estimate':
      return 'the limit lies inside the interval; more --repeats narrow it';
    case 'at least':
      return figure.reason;
    case 'exact':
      return 'it cannot be decided';
  }
}

function boundsOf({ metric }: Gate, figure: Exclude<GateFigure, { kind: 'missing' }>): GateBounds {
  switch (figure.kind) {
    case 'estimate':
      return figure.bounds;
    case 'single':
      return {
        low: figure.value / metric.singleTrialFactor,
        high: figure.value * metric.singleTrialFactor,
      };
    case 'exact':
      return { low: figure.value, high: figure.value };
    case 'at least':
      return { low: figure.value, high: Number.POSITIVE_INFINITY };
  }
}

function shownBounds(figure: Exclude<GateFigure, { kind: 'missing' }>): Pick<GateOutcome, 'low' | 'high'> {
  switch (figure.kind) {
    case 'estimate':
      return { low: figure.bounds.low, high: figure.bounds.high };
    case 'exact':
      return { low: figure.value, high: figure.value };
    case 'at least':
      return { low: figure.value, high: null };
    case 'single':
      return { low: null, high: null };
  }
}

function messageOf(
  { metric }: Gate,
  figure: Exclude<GateFigure, { kind: 'missing' }>,
  level: string,
  reason: string | null,
): string {
  const text = metric.kind === 'count' ? countText : figureText;
  const unit = metric.unit === '' ? '' : ` ${metric.unit}`;
  const least = figure.kind === 'at least' ? 'at least ' : '';
  const interval =
    figure.kind === 'estimate'
      ? ` (95 % interval ${text(figure.bounds.low)} to ${text(figure.bounds.high)})`
      : '';
  const said = `${metric.name} ${least}${text(figure.value)}${unit}${interval} at ${level}`;
  return reason === null ? said : `${said}: ${reason}`;
}

function joined(first: string, second: string): string {
  return `${first}; ${second}`;
}

/** As users write it in a selector. */
function levelName(level: Level): string {
  if (level.isBase || level.label === 'configuration') return 'base';
  return level.factor === null ? level.label : `${level.factor}=${level.label}`;
}
