import type { CheckMetricName } from '../../reports/check/check-result.ts';
import { GATE_METRICS } from '../../reports/gates/gate-metrics.ts';
import type { Gate } from '../../reports/gates/parse-gate.ts';
import { parseGates } from './gates-of-run.ts';

/** The gates of a check that measures these metrics; throws with all that is wrong (exit 2). */
export function gatesOfCheck(
  expressions: readonly string[],
  measured: readonly CheckMetricName[],
): readonly Gate[] {
  return parseGates(
    expressions.map((text) => ({ text, place: null })),
    (gate) => problemOf(gate, measured),
  );
}

function problemOf(
  { expression, metric, selector }: Gate,
  measured: readonly CheckMetricName[],
): string | null {
  if (selector.kind !== 'every') {
    return `gate '${expression}': a check has no levels to select, expected no selector`;
  }
  if ((measured as readonly (string | null)[]).includes(metric.jsonName)) return null;
  const names = GATE_METRICS.filter(({ jsonName }) =>
    (measured as readonly (string | null)[]).includes(jsonName),
  );
  return `gate '${expression}': this check does not measure ${metric.name}, expected ${names.map(({ name }) => name).join(', ')}`;
}
