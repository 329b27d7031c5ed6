/** What a running trial tells whoever watches, about ten times a second. */
export interface TrialProgress {
  readonly phase: 'prepare' | 'warm-up' | 'saturated' | 'paced' | 'verify';
  /** Acknowledged records per second over the last interval, all generators. */
  readonly recordsPerSecond: number | null;
  /** Of the phase so far. */
  readonly p99Ms: number | null;
}
