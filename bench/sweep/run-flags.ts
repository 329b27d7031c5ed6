import type { KeySpec } from '../../workers/trial-spec.ts';

/** What `tidemark run` was told on the command line, parsed and each within its own bounds; null = not given. */
export interface RunFlags {
  /** In the order given. */
  readonly set: readonly { readonly property: string; readonly levels: readonly string[] }[];
  readonly design: 'one-factor' | 'full' | null;
  readonly durationMs: number | null;
  readonly warmupMs: number | null;
  readonly repeats: number | null;
  /** Wanted half width of every interval of a ratio to the base, as a share: 0.02 is 2 %. */
  readonly precision: number | null;
  readonly generators: number | null;
  readonly seed: number | null;
  readonly sample: number | null;
  /** A driver file of OpenMessaging Benchmark. */
  readonly ombDriver: string | null;
  readonly payloadFile: string | null;
  readonly payloadDelimiter: string | null;
  readonly recordSizeBytes: number | null;
  /** Records per second over all generators; -1: no limit. */
  readonly throughput: number | null;
  readonly replicationFactor: number | null;
  /** A topic that exists, to be used instead of topics made for the run. */
  readonly topic: string | null;
  readonly bootstrapServer: string | null;
  /** What keys records have, instead of the suite's. */
  readonly keys: KeySpec | null;
  readonly producerProperties: readonly { readonly name: string; readonly value: string }[];
  readonly producerConfigFile: string | null;
  /** Gates as they were written, beside the suite's own. */
  readonly gates: readonly string[];
  /** What counts as what when it cannot be decided; null: exit 5. */
  readonly inconclusive: 'pass' | 'fail' | null;
}

export const NO_FLAGS: RunFlags = {
  set: [],
  design: null,
  durationMs: null,
  warmupMs: null,
  repeats: null,
  precision: null,
  generators: null,
  seed: null,
  sample: null,
  ombDriver: null,
  payloadFile: null,
  payloadDelimiter: null,
  recordSizeBytes: null,
  throughput: null,
  replicationFactor: null,
  topic: null,
  bootstrapServer: null,
  keys: null,
  producerProperties: [],
  producerConfigFile: null,
  gates: [],
  inconclusive: null,
};
