import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { DriverLoad } from '../duet/driver-protocol.ts';
import type { InconclusiveAs } from '../gates/gate-exit-code.ts';
import type { RunFlags } from '../sweep/run-flags.ts';

/** What the command line asks of a check. */
export interface CheckOptions {
  readonly base: string;
  readonly candidate: string;
  /** As resolveSide takes them. */
  readonly driver: string | undefined;
  readonly build: string | undefined;
  /** The first decides; the others are told beside it. */
  readonly metrics: readonly [CheckMetricName, ...CheckMetricName[]];
  /** Of the metric that decides; null: its own. */
  readonly margin: number | null;
  readonly tolerance: number;
  readonly maxSessions: number;
  readonly load: Omit<DriverLoad, 'seed'>;
  readonly partitions: number;
  readonly producer: Pick<RunFlags, 'producerConfigFile' | 'producerProperties'>;
  /** null: an embedded cluster. */
  readonly bootstrapServers: string | null;
  readonly gates: readonly string[];
  readonly inconclusiveAs: InconclusiveAs;
  /** null: drawn. */
  readonly seed: number | null;
  /** null: a new one under runs/. */
  readonly out: string | null;
}
