import type { LogConfig } from '../log/log-config.ts';
import type { Partition } from './partition.ts';

/** A topic as the cluster's state holds it. */
export interface Topic {
  readonly name: string;
  /** 32 lower-case hex digits. */
  readonly id: string;
  /** The configs given when it was created, under Kafka's names; what is missing takes the cluster's default. */
  readonly configs: ReadonlyMap<string, string>;
  /** What those configs make of the cluster's defaults. */
  readonly settings: LogConfig;
  /** By partition index. */
  readonly partitions: readonly Partition[];
}
