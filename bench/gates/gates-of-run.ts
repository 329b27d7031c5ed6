import { type SelectableLevel, selectorProblem } from '../../reports/gates/gate-selector.ts';
import { type Gate, parseGate } from '../../reports/gates/parse-gate.ts';
import { reasonOf, usageError } from '../cli-error.ts';

/** More than this is no list of demands but a mistake. */
const MAX_GATES = 100;

/** A gate as text, and the place of one in a file, for messages: `suite.yaml:12`. */
export interface GivenGate {
  readonly text: string;
  readonly place: string | null;
}

/**
 * The gates of a run, checked against the levels it will have, so that nothing is measured in vain. Throws with all
 * that is wrong (exit 2).
 */
export function gatesOfRun(given: readonly GivenGate[], levels: readonly SelectableLevel[]): readonly Gate[] {
  const gates = parseGates(given, (gate) => {
    if (gate.limit.kind === 'change') {
      return `gate '${gate.expression}': a run has no base to change from, expected a figure; tidemark check compares`;
    }
    return selectorProblem(gate, levels);
  });
  return gates;
}

/** Reads gates and finds what is wrong with each; throws with all of it (exit 2). */
export function parseGates(
  given: readonly GivenGate[],
  problemOf: (gate: Gate) => string | null,
): readonly Gate[] {
  if (given.length > MAX_GATES) {
    throw usageError(`got ${given.length} gates, expected at most ${MAX_GATES}`);
  }
  const gates: Gate[] = [];
  const problems: string[] = [];
  for (const { text, place } of given) {
    const start = place === null ? '' : `${place}: `;
    try {
      const gate = parseGate(text);
      const problem = problemOf(gate);
      if (problem === null) gates.push(gate);
      else problems.push(`${start}${problem}`);
    } catch (error) {
      problems.push(`${start}${reasonOf(error)}`);
    }
  }
  if (problems.length > 0) throw usageError(...problems);
  return gates;
}
