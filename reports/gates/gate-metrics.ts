/** What a gate may ask about, by the name it has in a gate. */
export interface GateMetric {
  readonly name: string;
  /** Its name in the JSON of comparisons and checks; null where it has none there. */
  readonly jsonName: string | null;
  /** As it stands behind a figure. */
  readonly unit: string;
  /** Units that a limit may be given in, each as a multiple of the base unit; '' is the base unit itself. */
  readonly units: Readonly<Record<string, number>>;
  readonly kind: GateMetricKind;
  /** For the help and the documentation. */
  readonly summary: string;
  /**
   * One trial has no interval: it decides only when its value lies beyond the limit by more than this factor. Read off
   * what two trials would need: 12.7 (Student's t at one degree of freedom) times a spread of 7 % from session to
   * session over the root of two is 63 %, a factor of 1.9, and the tail of latency spreads twice as wide. What is all but
   * the same in every trial needs less.
   */
  readonly singleTrialFactor: number;
}

/** A count is exact; a largest value is what was seen; the others are estimates from trials that differ. */
export type GateMetricKind = 'mean' | 'latency' | 'largest' | 'count';

const RATE_UNITS = { '': 1, 'records/s': 1, k: 1e3, 'krecords/s': 1e3, M: 1e6, 'Mrecords/s': 1e6 };
export const BYTE_RATE_UNITS = { '': 1, 'kB/s': 1e-3, 'MB/s': 1, 'MiB/s': 1.048576, 'GB/s': 1e3 };
const LATENCY_UNITS = { '': 1, ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3 };
const CPU_UNITS = {
  '': 1,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  'ns/record': 1,
  'us/record': 1e3,
  'µs/record': 1e3,
};
const COUNT_UNITS = { '': 1, records: 1 };

const QUANTILES = ['50', '90', '95', '99', '99.9', '99.99'] as const;
export type GateQuantile = (typeof QUANTILES)[number];

const QUANTILE_JSON_NAMES: Readonly<Partial<Record<GateQuantile, string>>> = {
  '50': 'latencyP50Ms',
  '90': 'latencyP90Ms',
  '95': 'latencyP95Ms',
  '99': 'latencyP99Ms',
  '99.9': 'latencyP999Ms',
};

function quantile(percent: GateQuantile): GateMetric {
  return {
    name: `p(${percent})`,
    jsonName: QUANTILE_JSON_NAMES[percent] ?? null,
    unit: 'ms',
    units: LATENCY_UNITS,
    kind: 'latency',
    summary: `${percent} % of the records were acknowledged within that time`,
    singleTrialFactor: percent === '50' ? 2 : 4,
  };
}

function count(name: string, summary: string): GateMetric {
  return { name, jsonName: null, unit: '', units: COUNT_UNITS, kind: 'count', summary, singleTrialFactor: 1 };
}

export const GATE_METRICS: readonly GateMetric[] = [
  {
    name: 'throughput',
    jsonName: 'recordsPerSecond',
    unit: 'records/s',
    units: RATE_UNITS,
    kind: 'mean',
    summary: 'records acknowledged per second at saturation',
    singleTrialFactor: 2,
  },
  {
    name: 'megabytes',
    jsonName: 'megabytesPerSecond',
    unit: 'MB/s',
    units: BYTE_RATE_UNITS,
    kind: 'mean',
    summary: 'record bytes per second at saturation, uncompressed; 1 MB is 10^6 bytes',
    singleTrialFactor: 2,
  },
  ...QUANTILES.map(quantile),
  {
    name: 'mean',
    jsonName: null,
    unit: 'ms',
    units: LATENCY_UNITS,
    kind: 'latency',
    summary: 'mean latency',
    singleTrialFactor: 2,
  },
  {
    name: 'max',
    jsonName: null,
    unit: 'ms',
    units: LATENCY_UNITS,
    kind: 'largest',
    summary: 'largest latency seen, in any trial',
    singleTrialFactor: 1,
  },
  count('lost', 'records acknowledged and not found in the log'),
  count('duplicated', 'records found more often than once'),
  count('reordered', 'records found behind later ones of their partition'),
  count('corrupted', 'records found changed'),
  count('failed', 'records that send() reported as failed'),
  { ...count('retries', 'batches sent again'), units: { '': 1, batches: 1 } },
  {
    name: 'cpu',
    jsonName: 'cpuNsPerRecord',
    unit: 'ns/record',
    units: CPU_UNITS,
    kind: 'mean',
    summary: 'CPU time of the producing threads per record in the paced phase',
    singleTrialFactor: 2,
  },
  {
    name: 'requests',
    jsonName: 'requestsPerRecord',
    unit: 'requests/record',
    units: { '': 1, '/record': 1, 'requests/record': 1 },
    kind: 'mean',
    summary: 'produce requests per record in the paced phase',
    singleTrialFactor: 2,
  },
  {
    name: 'compression',
    jsonName: 'compressionRatio',
    unit: '',
    units: { '': 1, '%': 0.01 },
    kind: 'mean',
    summary: 'compressed over uncompressed bytes of the batches',
    singleTrialFactor: 1.1,
  },
  {
    name: 'skew',
    jsonName: null,
    unit: '',
    units: { '': 1, x: 1 },
    kind: 'mean',
    summary: 'records of the fullest partition over the mean of all',
    singleTrialFactor: 1.25,
  },
];

const BY_NAME = new Map(GATE_METRICS.map((metric) => [metric.name, metric]));

/** By its name in a gate; `p99` and `p99.9` stand for `p(99)` and `p(99.9)`. */
export function gateMetric(name: string): GateMetric | undefined {
  const short = /^p(\d+(?:\.\d+)?)$/.exec(name);
  return BY_NAME.get(short === null ? name : `p(${short[1]})`);
}

/** The names that people and other tools have for what a gate calls otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  latency: 'p(99)',
  median: 'p(50)',
  med: 'p(50)',
  avg: 'mean',
  average: 'mean',
  rate: 'throughput',
  records: 'throughput',
  bytes: 'megabytes',
  mb: 'megabytes',
  errors: 'failed',
  ratio: 'compression',
};

/** What was perhaps meant by a name that is none. */
export function otherNameOf(name: string): string | null {
  const byJsonName = GATE_METRICS.find((metric) => metric.jsonName === name);
  const common = name.toLowerCase();
  return byJsonName?.name ?? (Object.hasOwn(OTHER_NAMES, common) ? OTHER_NAMES[common]! : null);
}
