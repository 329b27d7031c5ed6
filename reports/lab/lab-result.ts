/** What `tidemark partitioners` found out without a cluster: plain data, from which every output is made. */
export interface LabResult {
  readonly schema: typeof LAB_SCHEMA;
  readonly tidemark: string;
  /** The numbers of partitions asked about, in the order given. */
  readonly partitions: readonly number[];
  /** Distinct keys. */
  readonly keys: number;
  readonly records: number;
  /** Of keys and values together. */
  readonly bytes: number;
  /** Of a value. */
  readonly recordSizeBytes: number;
  readonly source: LabSource;
  /** One entry per strategy and number of partitions. */
  readonly strategies: readonly StrategyPlacement[];
  /** Each pair of strategies that keep a key on one partition. */
  readonly disagreement: readonly Disagreement[];
  /** Each such strategy and each pair of partition counts, the earlier given first. */
  readonly moved: readonly Moved[];
  readonly recommendation: Recommendation;
  readonly notes: readonly string[];
}

export const LAB_SCHEMA = 'tidemark.partitioners/1';

export interface LabSource {
  readonly kind: 'file' | 'distribution';
  /** The file as given, or `zipf:1.1:100000`. */
  readonly name: string;
  readonly encoding: 'utf8' | 'hex' | 'base64';
  /** Lines without a key, which no strategy was asked about. */
  readonly emptyLines: number;
}

export interface StrategyPlacement {
  readonly name: string;
  /** The rule in one line. */
  readonly rule: string;
  /** In a sentence about services: `Java`, `Go (sarama)`; null for what is no client's default. */
  readonly service: string | null;
  /** Whose default it is. */
  readonly clients: readonly string[];
  /** Whether all records of a key go to one partition, so that their order is kept. */
  readonly isKeyed: boolean;
  readonly partitions: number;
  readonly recordsPerPartition: ArrayLike<number>;
  readonly bytesPerPartition: ArrayLike<number>;
  /** Of records: the fullest partition over the mean; 1 is perfectly even. */
  readonly maxOverMean: number;
  /** Of records: 0 is perfectly even, 1 everything in one partition of infinitely many. */
  readonly gini: number;
  /** Of records: standard deviation (of all partitions) over the mean. */
  readonly coefficientOfVariation: number;
  readonly bytesMaxOverMean: number;
  readonly emptyPartitions: number;
  readonly hottestPartition: HottestPartition;
  /** Those with most records, at most ten. */
  readonly hottestKeys: readonly HotKey[];
}

export interface HottestPartition {
  readonly partition: number;
  readonly records: number;
  /** Of all records. */
  readonly share: number;
  /** The keys with most records in it, at most three; empty for a strategy that spreads keys. */
  readonly keys: readonly { readonly key: string; readonly share: number }[];
}

export interface HotKey {
  /** As it was written in the file: text, hex or base64. */
  readonly key: string;
  readonly records: number;
  /** Of all records. */
  readonly share: number;
  /** Where all its records are; null for a strategy that spreads keys. */
  readonly partition: number | null;
  /** Of the records in its partition; null as above. */
  readonly shareOfPartition: number | null;
  /** Of the records in the fullest partition, 0 when it is elsewhere; null as above. */
  readonly shareOfHottestPartition: number | null;
}

export interface Disagreement {
  readonly a: string;
  readonly b: string;
  readonly partitions: number;
  /** Of the distinct keys: those that `a` and `b` place differently. */
  readonly share: number;
  /** Of the records: those of such keys. */
  readonly shareOfRecords: number;
}

export interface Moved {
  readonly from: number;
  readonly to: number;
  readonly strategy: string;
  /** Of the distinct keys: those whose partition is another one. */
  readonly share: number;
  readonly shareOfRecords: number;
  /** Distinct keys. */
  readonly keys: number;
  /** The moved keys with most records, at most five, the worst first. */
  readonly examples: readonly MovedKey[];
}

export interface MovedKey {
  readonly key: string;
  readonly records: number;
  /** Where its records are so far. */
  readonly before: number;
  /** Where those to come go. */
  readonly after: number;
}

export interface Recommendation {
  /** A strategy by name, or null when no key needs order. */
  readonly strategy: string | null;
  /** In one sentence. */
  readonly advice: string;
  readonly reasons: readonly string[];
  /** What it does not know. */
  readonly limits: readonly string[];
}

/** Every strategy at one number of partitions. */
export function placementsAt(lab: Pick<LabResult, 'strategies'>, partitions: number): StrategyPlacement[] {
  return lab.strategies.filter((one) => one.partitions === partitions);
}
