import { nearestName } from '../../core/base/nearest-name.ts';
import { BYTE_RATE_UNITS, GATE_METRICS, type GateMetric, gateMetric, otherNameOf } from './gate-metrics.ts';

/** An expression that passes or fails: `p(99){linger.ms=5} < 20ms`. */
export interface Gate {
  /** As the user wrote it, without space around. */
  readonly expression: string;
  readonly metric: GateMetric;
  readonly selector: GateSelector;
  readonly comparator: GateComparator;
  readonly limit: GateLimit;
}

/** Which levels of a run must keep the limit. */
export type GateSelector =
  | { readonly kind: 'every' }
  | { readonly kind: 'base' }
  /** Levels with all of these settings. */
  | { readonly kind: 'settings'; readonly settings: readonly GateSetting[] };

export interface GateSetting {
  readonly property: string;
  readonly value: string;
}

export type GateComparator = '<' | '<=' | '>' | '>=' | '==' | '!=';

export type GateLimit =
  /** In the metric's base unit. */
  | { readonly kind: 'figure'; readonly value: number }
  /** candidate / base - 1: `+5%` is 0.05. Only a check has a base to change from. */
  | { readonly kind: 'change'; readonly fraction: number };

const MAX_LENGTH = 200;
const FORM = 'METRIC COMPARATOR NUMBER[UNIT], such as p(99)<20ms, throughput>100k or lost==0';
const METRIC = /^([A-Za-z][\w.-]*(?:\s*\([^(){}<>=!]*\))?)\s*(.*)$/s;
const SELECTOR = /^\{([^{}]*)\}\s*(.*)$/s;
const COMPARISON = /^(<=|>=|==|!=|<|>)\s*(.*)$/s;
const LIMIT = /^([+-]?)(\d+(?:\.\d+)?|\.\d+)(e[+-]?\d+)?\s*(.*)$/s;

/** Reads a gate. Throws a RangeError that repeats it, says what is wrong, and suggests the nearest metric. */
export function parseGate(text: string): Gate {
  const expression = text.trim();
  if (expression.length > MAX_LENGTH) {
    throw problem(
      `${expression.slice(0, 40)}...`,
      `is ${expression.length} characters long, expected at most ${MAX_LENGTH}`,
    );
  }
  const [, name, afterName] = METRIC.exec(expression) ?? [];
  if (name === undefined) throw problem(expression, `expected ${FORM}`);
  const named = metricNamed(expression, name.replaceAll(/\s+/g, ''));
  const [, inner, afterSelector] = SELECTOR.exec(afterName!) ?? [undefined, undefined, afterName!];
  const [, comparator, afterComparator] = COMPARISON.exec(afterSelector!) ?? [];
  if (comparator === undefined) throw problem(expression, comparatorExpected(afterSelector!));
  const { metric, limit } = limitOf(expression, named, afterComparator!);
  const gate: Gate = {
    expression,
    metric,
    selector: inner === undefined ? { kind: 'every' } : selectorOf(expression, inner),
    comparator: comparator as GateComparator,
    limit,
  };
  refuseEquality(gate);
  return gate;
}

function metricNamed(expression: string, name: string): GateMetric {
  const metric = gateMetric(name);
  if (metric !== undefined) return metric;
  const names = GATE_METRICS.map((known) => known.name);
  const quantiles = names.filter((known) => known.startsWith('p('));
  if (/^p\(?[\d.]+\)?$/.test(name)) {
    throw problem(expression, `${name} is not kept, expected ${quantiles.join(', ')}`);
  }
  const near = otherNameOf(name) ?? nearestName(name, names);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  throw problem(expression, `names no metric, got '${name}', expected ${names.join(', ')}${hint}`);
}

function comparatorExpected(rest: string): string {
  const expected = 'expected one of < <= > >= == != behind the metric';
  if (/^=[<>]/.test(rest)) return `${expected}, got '${rest.slice(0, 2)}'; did you mean ${rest[1]}=?`;
  if (/^=(?!=)/.test(rest)) return `${expected}, got '='; did you mean ==?`;
  if (rest.startsWith('{')) return 'expected } behind the selector, as in {linger.ms=5} or {base}';
  return rest === '' ? `has no comparator, ${expected}` : `${expected}, got '${rest.slice(0, 20)}'`;
}

function limitOf(
  expression: string,
  metric: GateMetric,
  text: string,
): { readonly metric: GateMetric; readonly limit: GateLimit } {
  const [, sign, digits, exponent = '', rest] = LIMIT.exec(text) ?? [];
  const number = Number(`${digits}${exponent}`);
  if (digits === undefined || !Number.isFinite(number)) {
    throw problem(expression, `expected a number behind the comparator, got '${text.slice(0, 20)}'`);
  }
  if (/^[,_'\s]?\d/.test(rest!)) {
    throw problem(expression, `expected a number without separators, such as 100000 or 100k, got '${text}'`);
  }
  const unit = rest!.trim().replaceAll(/\s+/g, '');
  if (sign !== '' && unit === '%') {
    return { metric, limit: { kind: 'change', fraction: (sign === '-' ? -1 : 1) * (number / 100) } };
  }
  if (sign === '-') throw problem(expression, `no figure is below 0, got -${digits}${exponent}`);
  // Taken for a figure, a forgotten % would fail every check.
  if (sign === '+') {
    throw problem(
      expression,
      `a sign makes it a change, which is in %: expected +${digits}%, or ${digits}${unit} for a figure`,
    );
  }
  const isByteRate = metric.name === 'throughput' && Object.hasOwn(BYTE_RATE_UNITS, unit) && unit !== '';
  const measured = isByteRate ? gateMetric('megabytes')! : metric;
  if (!Object.hasOwn(measured.units, unit)) throw problem(expression, unitExpected(measured, unit));
  return { metric: measured, limit: { kind: 'figure', value: tidy(number * measured.units[unit]!) } };
}

/** Without the noise of multiplying by a unit: 0.07 % is 0.0007. */
function tidy(value: number): number {
  return Number(value.toPrecision(15));
}

function unitExpected(metric: GateMetric, unit: string): string {
  const units = Object.keys(metric.units).filter((known) => known !== '' && known !== 'µs');
  const none = metric.unit === '' ? 'no unit' : `no unit (${metric.unit})`;
  const change = unit === '%' ? '; a change against the base has its sign: +5%' : '';
  return `${metric.name} has no unit '${unit.slice(0, 20)}', expected ${[none, ...units].join(', ')}${change}`;
}

function selectorOf(expression: string, inner: string): GateSelector {
  const parts = inner.split(',').map((part) => part.trim());
  if (parts.length === 1 && parts[0] === 'base') return { kind: 'base' };
  const settings = parts.map((part) => {
    const [, property, value] = /^([^=\s]+)\s*=\s*(.*)$/s.exec(part) ?? [];
    if (property === undefined || value === '') {
      throw problem(
        expression,
        `selector {${inner}}: expected {base} or {property=value, ...}, got '${part}'`,
      );
    }
    return { property, value: value! };
  });
  return { kind: 'settings', settings };
}

/** No estimate is ever equal to a number: such a gate would only ever tell how many digits were written. */
function refuseEquality({ expression, metric, comparator, limit }: Gate): void {
  if (comparator !== '==' && comparator !== '!=') return;
  if (metric.kind === 'count' && limit.kind === 'figure') {
    if (Number.isInteger(limit.value)) return;
    throw problem(expression, `${metric.name} is a whole number and never ${limit.value}`);
  }
  const counts = GATE_METRICS.filter(({ kind }) => kind === 'count').map(({ name }) => name);
  throw problem(
    expression,
    `${comparator} is for counts (${counts.join(', ')}): ${metric.name} is an estimate, expected <, <=, > or >=`,
  );
}

function problem(expression: string, what: string): RangeError {
  return new RangeError(`gate '${expression}': ${what}`);
}
