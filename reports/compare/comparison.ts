/** One metric of one level, compared: `compare --json` is an array of these. */
export interface ComparisonRow {
  /** `recordsPerSecond`, `latencyP99Ms`, `cpuNsPerRecord`, ... */
  readonly metric: string;
  /** The configuration both sides have (`linger.ms=5`, `base`); null when each side is one thing. */
  readonly level: string | null;
  /** In the metric's unit; null where it does not exist on that side. */
  readonly base: number | null;
  readonly candidate: number | null;
  /** candidate / base - 1: 0.05 is 5 % more. */
  readonly change: number | null;
  /** 95 % interval of `change`. */
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided; null where there is no test (one trial on a side). */
  readonly p: number | null;
  /** Trials or sessions per side (the smaller count where they differ). */
  readonly n: number;
  readonly significant: boolean;
}

/** What `tidemark compare` found. */
export interface Comparison {
  readonly base: string;
  readonly candidate: string;
  /** Interleaved in one go, or taken from stored runs: the weaker kind, since the machine may have changed in between. */
  readonly evidence: 'interleaved' | 'stored';
  readonly rows: readonly ComparisonRow[];
  /** What differs beside what is compared, and was allowed by --force; what p means; what is missing. */
  readonly notes: readonly string[];
}
