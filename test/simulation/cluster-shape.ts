/** What a model cluster is, from its start to its end. */
export interface ClusterShape {
  readonly brokers: number;
  /** Topic -> number of partitions. */
  readonly topics: Readonly<Record<string, number>>;
  readonly produceVersion: number;
  readonly metadataVersion: number;
  readonly maxMessageBytes: number;
  /** Answers of a former leader name the new one (KIP-951). */
  readonly hints: boolean;
}
