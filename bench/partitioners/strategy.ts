import type { KeyTable } from './key-table.ts';

/** Records and bytes by partition. */
export interface PartitionLoads {
  readonly records: Float64Array;
  readonly bytes: Float64Array;
}

/** Whose rule it is, for people. */
export interface StrategyText {
  readonly name: string;
  /** The rule in one line. */
  readonly rule: string;
  /** In a sentence about services: `Java`, `Go (sarama)`; null for what is no client's default. */
  readonly service: string | null;
  /** Clients whose default it is, or that can be set to it. */
  readonly clients: readonly string[];
}

/**
 * A rule that places records, asked for several partition counts at once; `count` is the position in their list. One of
 * kind `hash` needs only the keys. The others are told every record in order; one that spreads a key's records over
 * partitions has no place for a key.
 */
export type Strategy =
  | {
      readonly kind: 'hash';
      readonly text: StrategyText;
      /** By key index, when all keys are known. */
      readonly hashes: (keys: KeyTable) => Int32Array;
      readonly place: (hash: number, partitions: number) => number;
    }
  | {
      readonly kind: 'told';
      readonly text: StrategyText;
      readonly tell: (record: ToldRecord) => void;
      readonly loads: (count: number) => PartitionLoads;
      /** The partition of each key, or null when some key's records went to several. */
      readonly placement: (count: number, keys: KeyTable) => Int32Array | null;
    };

/** A record as it comes. One object for all of them: a strategy keeps nothing of it. */
export interface ToldRecord {
  readonly keys: KeyTable;
  readonly key: number;
  /** Of key and value. */
  readonly sizeBytes: number;
  /** As an error calls it: file and line. */
  readonly place: () => string;
}
