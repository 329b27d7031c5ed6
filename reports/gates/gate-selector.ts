import type { Level } from '../levels/levels.ts';
import type { Gate, GateSelector } from './parse-gate.ts';

/** Of a level before it is measured: what a selector can see. */
export interface SelectableLevel {
  readonly isBase: boolean;
  /** The values of the varied settings, as text. */
  readonly settings: Readonly<Record<string, string>>;
}

export function isSelected(selector: GateSelector, { isBase, settings }: SelectableLevel | Level): boolean {
  switch (selector.kind) {
    case 'every':
      return true;
    case 'base':
      return isBase;
    case 'settings':
      return selector.settings.every(({ property, value }) => settings[property] === value);
  }
}

/** Why a gate's selector names no level of a run; null when it names one. */
export function selectorProblem(
  { expression, selector }: Gate,
  levels: readonly SelectableLevel[],
): string | null {
  if (levels.some((level) => isSelected(selector, level))) return null;
  const start = `gate '${expression}': its selector names no level`;
  if (selector.kind !== 'settings') return start;
  const varied = Object.keys(levels[0]?.settings ?? {});
  for (const { property, value } of selector.settings) {
    if (!varied.includes(property)) {
      const expected = varied.length === 0 ? 'nothing is varied' : `varied are ${varied.join(', ')}`;
      return `${start}: ${property} is not varied, ${expected}`;
    }
    const values = [...new Set(levels.map(({ settings }) => settings[property]!))];
    if (!values.includes(value))
      return `${start}: ${property} is never ${value}, expected ${values.join(', ')}`;
  }
  return `${start}: one factor is varied at a time, and no level has all of these`;
}
