import type { DriverLoad } from '../duet/driver-protocol.ts';
import type { RunFlags } from '../sweep/run-flags.ts';

/** What both sides are given, whatever is made of their sessions. */
export interface PairedLoad {
  /** As resolveSide takes them. */
  readonly driver: string | undefined;
  readonly build: string | undefined;
  readonly load: Omit<DriverLoad, 'seed'>;
  readonly partitions: number;
  readonly producer: Pick<RunFlags, 'producerConfigFile' | 'producerProperties'>;
  /** null: an embedded cluster. */
  readonly bootstrapServers: string | null;
  /** null: drawn. */
  readonly seed: number | null;
}

/** Two things to be measured in turns, as the command line names them. */
export interface PairedOptions extends PairedLoad {
  readonly base: string;
  readonly candidate: string;
}
