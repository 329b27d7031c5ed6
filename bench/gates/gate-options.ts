import { type Command, Option } from 'commander';
import { GATE_METRICS, type GateMetric } from '../../reports/gates/gate-metrics.ts';

/** What the options of gates give. */
export interface GateOptions {
  readonly gate?: readonly string[];
  readonly inconclusive?: 'pass' | 'fail';
}

/** --gate and --inconclusive, as `run` and `check` take them. */
export function addGateOptions(command: Command): Command {
  return command
    .option(
      '--gate <expression>',
      "what must hold, such as 'p(99)<20ms' (repeatable; the grammar stands below)",
      (text: string, earlier: readonly string[] = []) => [...earlier, text],
    )
    .addOption(
      new Option(
        '--inconclusive <as>',
        'what a gate counts as that cannot be decided (default: neither, exit 5)',
      ).choices(['pass', 'fail']),
    );
}

/** The grammar for --help, within 80 columns, with the metrics as they are. */
export function gateGrammar(): string {
  const counts = namesOf(({ kind }) => kind === 'count');
  const latencies = namesOf(({ kind, unit }) => kind !== 'count' && unit === 'ms');
  const others = namesOf(({ kind, unit }) => kind !== 'count' && unit !== 'ms');
  return `
Gates: METRIC[{SELECTOR}] COMPARATOR NUMBER[UNIT]
  metrics      ${others}
               ${latencies}
               ${counts} (counts)
  comparators  < <= > >=, and for counts == !=
  units        ns us ms s (ms), records/s k M (records/s), kB/s MB/s GB/s,
               cpu: ns us (ns), compression: %
  selector     every level unless {base}, {linger.ms=5} or {linger.ms=5,acks=1}
               names those that count
  A gate passes when the whole 95 % interval of the level nearest to breaching
  it lies on the good side, fails (exit 99) when it lies on the bad side, and is
  inconclusive (exit 5) else. docs/gates.md has the rest.`;
}

function namesOf(isMeant: (metric: GateMetric) => boolean): string {
  return GATE_METRICS.filter(isMeant)
    .map(({ name }) => name)
    .join(' ');
}
