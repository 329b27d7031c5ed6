import { SeededRandom } from '../../core/base/random.ts';
import { latencyFigures } from '../../reports/measure/latency-figures.ts';
import { LatencyHistogram } from '../../reports/measure/latency-histogram.ts';
import { RESULT_SCHEMA, type Result, type TrialResult } from '../../reports/result.ts';

/** A run as the quick suite makes it, invented from a seed: nothing in it was measured. */
export interface Fixture {
  readonly result: Result;
  /** LatencyHistogram bytes by trial id. */
  readonly histograms: ReadonlyMap<string, Uint8Array>;
}

export interface FixtureOptions {
  readonly seed?: number;
  readonly baseRepeats?: number;
  /** In hundreds, for each trial. */
  readonly records?: number;
  readonly design?: 'one-factor' | 'full';
}

export const QUICK_FACTORS = [
  { property: 'batch.size', levels: ['16384', '1024', '4096', '131072'] },
  { property: 'linger.ms', levels: ['5', '0', '1', '50'] },
  { property: 'compression.type', levels: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
  { property: 'partitioner.class', levels: ['keyed', 'sticky', 'uniform-sticky', 'adaptive', 'round-robin'] },
  { property: 'acks', levels: ['all', '1', '0'] },
];
const BASE: Readonly<Record<string, string>> = {
  'batch.size': '16384',
  'linger.ms': '5',
  'compression.type': 'none',
  'partitioner.class': 'keyed',
  acks: 'all',
  'buffer.memory': '33554432',
  'enable.idempotence': 'false',
};
const CODECS: Readonly<Record<string, readonly [ratio: number, speed: number]>> = {
  none: [1, 1],
  gzip: [0.21, 0.22],
  snappy: [0.36, 0.9],
  lz4: [0.34, 0.93],
  zstd: [0.2, 0.61],
};
const SKEWS: Readonly<Record<string, number>> = { keyed: 1.86, sticky: 1.12, adaptive: 1.31 };
const PACED_RATE = 120_000;
/** Records that each invented latency stands for: a percentile needs requests beyond it, and those need records. */
const RECORDS_PER_LATENCY = 100;

export function quickFixture(options: FixtureOptions = {}): Fixture {
  const seed = options.seed ?? 42;
  const random = new SeededRandom(seed);
  const histograms = new Map<string, Uint8Array>();
  const trials: TrialResult[] = [];
  const add = (id: string, round: number, factor: string | null, settings: Record<string, string>): void => {
    const { trial, bytes } = makeTrial(
      { id, round, factor, settings: { ...BASE, ...settings } },
      random,
      options.records ?? 20_000,
    );
    trials.push(trial);
    histograms.set(id, bytes);
  };
  for (let repeat = 1; repeat <= (options.baseRepeats ?? 3); repeat++) add(`r1-base-${repeat}`, 1, null, {});
  if (options.design === 'full') {
    for (const [index, settings] of gridCells().entries()) add(`r1-cell-${index + 1}`, 1, null, settings);
  } else {
    for (const { property, levels } of QUICK_FACTORS) {
      for (const level of levels.slice(1)) add(`r1-${property}-${level}`, 1, property, { [property]: level });
    }
  }
  return { result: resultOf(trials, seed, options.design ?? 'one-factor'), histograms };
}

function gridCells(): Record<string, string>[] {
  const cells: Record<string, string>[] = [];
  for (const size of ['4096', '16384', '131072'])
    for (const linger of ['0', '5', '50'])
      for (const codec of ['none', 'lz4', 'zstd'])
        if (!(size === '16384' && linger === '5' && codec === 'none'))
          cells.push({ 'batch.size': size, 'linger.ms': linger, 'compression.type': codec });
  return cells;
}

interface Setting {
  readonly id: string;
  readonly round: number;
  readonly factor: string | null;
  readonly settings: Readonly<Record<string, string>>;
}

function makeTrial(
  setting: Setting,
  random: SeededRandom,
  latencies: number,
): { trial: TrialResult; bytes: Uint8Array } {
  const { settings } = setting;
  const noise = (share: number): number => 1 + (random.nextDouble() - 0.5) * share;
  const [ratio, speed] = CODECS[settings['compression.type']!]!;
  const sizeBytes = Number(settings['batch.size']);
  const lingerMs = Number(settings['linger.ms']);
  const acks = settings['acks']!;
  const isKeyed = settings['partitioner.class'] === 'keyed';
  const rate =
    412_000 *
    speed *
    (sizeBytes / 16_384) ** 0.22 *
    (acks === 'all' ? 1 : 1.04) *
    (isKeyed ? 1 : 1.06) *
    noise(0.06);
  const overloaded = rate < PACED_RATE;
  const recordsPerBatch = Math.max(
    1,
    Math.min(sizeBytes / 280, (PACED_RATE / (isKeyed ? 12_000 : 3_000)) * Math.max(lingerMs, 0.6)),
  );
  const histogram = new LatencyHistogram();
  const records = latencies * RECORDS_PER_LATENCY;
  for (let i = 0; i < latencies; i++) {
    const tail = -Math.log(1 - random.nextDouble());
    const waitMs = lingerMs * random.nextDouble() + (overloaded ? 180 * random.nextDouble() : 0);
    const flightMs =
      acks === '0' ? 0.04 + 0.02 * tail : 0.55 + 0.32 * tail + (random.nextDouble() < 0.002 ? 7 * tail : 0);
    histogram.recordMany(Math.round((waitMs + flightMs / Math.sqrt(speed)) * 1e6), RECORDS_PER_LATENCY);
  }
  const batches = Math.round(records / recordsPerBatch);
  const requests = Math.ceil(batches / 2.6);
  const fill = Math.round(records * 3.2);
  const trial: TrialResult = {
    id: setting.id,
    round: setting.round,
    factor: setting.factor,
    level: setting.factor === null ? null : settings[setting.factor]!,
    producer: settings,
    topic: { name: `quick-${setting.id}`, partitions: 12, replicationFactor: 1 },
    target: { kind: 'embedded', brokers: 3 },
    sendForm: 'callback',
    generators: 1,
    status: 'ok',
    error: null,
    notes: [],
    verify: 'full',
    records: { sent: fill, acknowledged: fill, failed: 0, ...(acks === '0' ? NOTHING_KNOWN : NOTHING_WRONG) },
    throughput: {
      recordsPerSecond: rate,
      megabytesPerSecond: (rate * 268) / 1e6,
      wireBytesPerSecond: rate * 268 * ratio,
    },
    batches: {
      count: batches,
      meanRecords: recordsPerBatch,
      meanBytes: recordsPerBatch * 268 * ratio,
      requests,
      requestsPerRecord: requests / records,
      compressionRatio: ratio * noise(0.01),
    },
    delivery: { retries: 0, throttleTimeMs: 0 },
    latencyMs: latencyFigures(histogram, { recordsPerRequest: records / requests }),
    latencyKind: 'response',
    pacedRate: PACED_RATE,
    overloaded,
    sendDelayMs: { mean: 0.04, p99: 0.31, max: 2.2 },
    burst: { mean: 41, max: 256 },
    partitions: partitionsOf(fill, SKEWS[settings['partitioner.class']!] ?? 1),
    durationSeconds: 1.4,
    cpuNsPerRecord: (640 / Math.sqrt(speed)) * noise(0.04) + 40_000 / recordsPerBatch,
    startedAt: '2026-01-15T09:30:00.000Z',
    elapsedSeconds: 2.3,
    histograms: null,
  };
  const bytes = histogram.toBytes();
  histogram.destroy();
  return { trial, bytes };
}

const NOTHING_WRONG = { lost: 0, duplicated: 0, reordered: 0, corrupted: 0 };
const NOTHING_KNOWN = { lost: null, duplicated: null, reordered: null, corrupted: null };

function partitionsOf(records: number, skew: number): TrialResult['partitions'] {
  const largest = Math.round((records * skew) / 12);
  let left = records - largest;
  return Array.from({ length: 12 }, (_, partition) => {
    const count =
      partition === 3 ? largest : Math.floor(left / (partition < 3 ? 11 - partition : 12 - partition));
    if (partition !== 3) left -= count;
    return { partition, records: count, bytes: count * 268 };
  });
}

function resultOf(trials: TrialResult[], seed: number, design: 'one-factor' | 'full'): Result {
  const grid = [
    { property: 'batch.size', levels: ['4096', '16384', '131072'] },
    { property: 'linger.ms', levels: ['0', '5', '50'] },
    { property: 'compression.type', levels: ['none', 'lz4', 'zstd'] },
  ];
  return {
    schema: RESULT_SCHEMA,
    suite: 'quick',
    seed,
    startedAt: '2026-01-15T09:30:00.000Z',
    finishedAt: '2026-01-15T09:30:52.000Z',
    environment: {
      node: 'v24.21.0',
      cpu: 'Invented CPU @ 2.90GHz',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      os: 'linux x64',
      kernel: '6.1.0',
      tidemark: '0.1.0',
      packages: {
        '@node-rs/crc32': '1.10.8',
        snappy: '7.4.3',
        'lz4-napi': '2.10.0',
        'hdr-histogram-js': '3.0.1',
      },
    },
    command: `npm start -- run quick --seed ${seed}`,
    design,
    factors: design === 'full' ? grid : QUICK_FACTORS,
    base: BASE,
    baseSendForm: null,
    notes: [
      'replication factor 1: acks=all waits for no other replica',
      'enable.idempotence=false: not served yet',
    ],
    interrupted: false,
    trials,
  };
}

/** The trials of one round again in each of several, with every figure of a round moved alike and each trial by its own chance. */
export function roundsFixture(rounds: number, records = 2_000): Fixture {
  const { result, histograms } = quickFixture({ records, baseRepeats: 1 });
  const random = new SeededRandom(11);
  const chance = (share: number): number => 1 + (random.nextDouble() - 0.5) * share;
  const all = new Map<string, Uint8Array>();
  const trials = Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) => {
    const drift = chance(0.4);
    return result.trials.map((trial): TrialResult => {
      const id = trial.id.replace(/^r1/, `r${round}`);
      const own = drift * chance(0.03);
      all.set(id, histograms.get(trial.id)!);
      const p99 = trial.latencyMs.p99! * chance(0.2);
      return {
        ...trial,
        id,
        round,
        throughput: {
          recordsPerSecond: trial.throughput.recordsPerSecond! * own,
          megabytesPerSecond: trial.throughput.megabytesPerSecond! * own,
          wireBytesPerSecond: null,
        },
        latencyMs: { ...trial.latencyMs, p99, max: Math.max(p99, trial.latencyMs.max!) },
      };
    });
  });
  return { result: { ...result, trials }, histograms: all };
}

/** The same result with one trial changed. */
export function withTrial(result: Result, id: string, change: (trial: TrialResult) => TrialResult): Result {
  return { ...result, trials: result.trials.map((trial) => (trial.id === id ? change(trial) : trial)) };
}
