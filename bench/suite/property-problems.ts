import { parseProducerConfig } from '../../core/producer/config/config.ts';
import { isWorkloadFactor } from '../../reports/setting.ts';
import type { SuiteProblem } from './suite-problems.ts';

type Path = SuiteProblem['path'];

/**
 * What is wrong with single producer properties of a suite that is wrong elsewhere too, so that both are told at
 * once. What stands in the wrong form is passed over: that is told already.
 */
export function propertyProblems(input: unknown): SuiteProblem[] {
  const { producer, factors } = asMap(input);
  const levels = Object.entries(asMap(factors)).flatMap(([property, given]) =>
    Array.isArray(given)
      ? given.flatMap((level, index) => levelProblems(property, level, ['factors', property, index]))
      : [],
  );
  return [...problemsOfMap(producer, ['producer']), ...levels];
}

function levelProblems(property: string, level: unknown, path: Path): SuiteProblem[] {
  const { value, with: along } = asMap(level);
  // What belongs to the workload is no property, and is judged with the whole sweep.
  const own = isWorkloadFactor(property) ? [] : problemsOf(property, value ?? level, path);
  const properties = Object.fromEntries(
    Object.entries(asMap(along)).filter(([name]) => !isWorkloadFactor(name)),
  );
  return [...own, ...problemsOfMap(properties, [...path, 'with'])];
}

function problemsOfMap(given: unknown, path: Path): SuiteProblem[] {
  return Object.entries(asMap(given)).flatMap(([name, value]) => problemsOf(name, value, [...path, name]));
}

function problemsOf(name: string, value: unknown, path: Path): SuiteProblem[] {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return [];
  const { problems } = parseProducerConfig({ [name]: String(value) });
  return problems.filter(({ property }) => property === name).map(({ message }) => ({ path, message }));
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as Record<string, unknown>) : {};
}
