import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { TidemarkError } from '../core/base/errors.ts';
import { RESULT_SCHEMA, type Result } from './result.ts';

export const RESULT_FILE = 'result.json';
/** What a run writes before its result, trial by trial. */
export const JOURNAL_FILE = 'journal.ndjson';

const figure = z.number().nullable();
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const latencyFigures = z.looseObject({
  count: z.number(),
  mean: figure,
  p50: figure,
  p90: figure,
  p95: figure,
  p99: figure,
  p999: figure,
  p9999: figure,
  max: figure,
});

const workloadSettings = z.looseObject({ send: z.string(), partitions: z.string(), rate: z.string() });

const trial = z.looseObject({
  id: z.string(),
  round: z.number(),
  factor: z.string().nullable(),
  level: z.string().nullable(),
  producer: z.record(z.string(), scalar),
  topic: z.looseObject({ name: z.string(), partitions: z.number(), replicationFactor: z.number() }),
  target: z.looseObject({
    kind: z.enum(['embedded', 'kafka']),
    brokers: z.number(),
    processingMs: z.record(z.string(), z.number()).optional(),
  }),
  sendForm: z.string(),
  workload: workloadSettings.optional(),
  generators: z.number(),
  status: z.enum(['ok', 'failed']),
  error: z.string().nullable(),
  notes: z.array(z.string()),
  verify: z.enum(['full', 'offsets', 'none']),
  records: z.looseObject({
    sent: z.number(),
    acknowledged: z.number(),
    failed: z.number(),
    lost: figure,
    duplicated: figure,
    reordered: figure,
    corrupted: figure,
  }),
  throughput: z.looseObject({
    recordsPerSecond: figure,
    megabytesPerSecond: figure,
    wireBytesPerSecond: figure,
  }),
  batches: z.looseObject({
    count: z.number(),
    meanRecords: figure,
    meanBytes: figure,
    requests: z.number(),
    requestsPerRecord: figure,
    compressionRatio: figure,
  }),
  delivery: z.looseObject({ retries: z.number(), throttleTimeMs: z.number() }).nullable().default(null),
  latencyMs: latencyFigures,
  latencyKind: z.enum(['response', 'service']),
  pacedRate: figure,
  overloaded: z.boolean(),
  sendDelayMs: z.looseObject({ mean: z.number(), p99: z.number(), max: z.number() }).nullable(),
  burst: z.looseObject({ mean: z.number(), max: z.number() }).nullable(),
  partitions: z.array(
    z.looseObject({
      partition: z.number(),
      records: z.number(),
      bytes: z.number(),
      latencyMs: z.looseObject({ p50: figure, p90: figure.optional(), p99: figure }).nullish(),
    }),
  ),
  paced: z
    .looseObject({ offeredRecordsPerSecond: z.number(), achievedRecordsPerSecond: z.number() })
    .nullish(),
  queues: z.looseObject({ atMs: z.array(z.number()), perPartition: z.array(z.array(z.number())) }).nullish(),
  durationSeconds: z.number(),
  cpuNsPerRecord: figure,
  startedAt: z.string(),
  elapsedSeconds: z.number(),
  histograms: z.looseObject({ hgrm: z.string(), hlog: z.string() }).nullable(),
});

const runWorkload = z.looseObject({
  payload: z.looseObject({ kind: z.string() }),
  keys: z.looseObject({ kind: z.string() }),
  headers: z.array(z.looseObject({ key: z.string(), value: z.string() })),
  stamp: z.string(),
  load: z.looseObject({
    generators: z.number(),
    warmupMs: z.number(),
    saturatedMs: z.number(),
    pacedMs: z.number(),
    burstRecords: figure,
  }),
  bootstrapServers: z.string().nullable(),
});

const gate = z.looseObject({
  expression: z.string(),
  value: figure,
  low: figure,
  high: figure,
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  level: z.string().nullable(),
  message: z.string(),
});

const versusBase = z
  .looseObject({ ratio: z.number(), low: figure, high: figure, significant: z.boolean(), detectable: figure })
  .nullable();

const levelSummary = z.looseObject({
  factor: z.string().nullable(),
  value: z.string(),
  isBase: z.boolean(),
  n: z.number(),
  recordsPerSecond: z.looseObject({ mean: z.number(), low: figure, high: figure }).nullable(),
  latencyP99Ms: z.looseObject({ value: z.number(), low: figure, high: figure }).nullable(),
  versusBase,
  latencyP99VersusBase: versusBase,
  cpuVersusBase: versusBase,
});

const precision = z.looseObject({
  wanted: z.number(),
  reached: figure,
  rounds: z.number(),
  isReached: z.boolean(),
});

const result = z.looseObject({
  schema: z.literal(RESULT_SCHEMA),
  suite: z.string(),
  published: z.string().optional(),
  seed: z.number(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  environment: z.looseObject({
    node: z.string(),
    cpu: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
    os: z.string(),
    kernel: z.string(),
    tidemark: z.string(),
    packages: z.record(z.string(), z.string()),
  }),
  project: z.looseObject({ commit: z.string().nullable(), branch: z.string().nullable() }).optional(),
  command: z.string(),
  design: z.enum(['one-factor', 'full', 'single']),
  factors: z.array(z.looseObject({ property: z.string(), levels: z.array(z.string()) })),
  base: z.record(z.string(), z.string()),
  baseProperties: z.string().optional(),
  baseSendForm: z.string().nullable().default(null),
  baseWorkload: workloadSettings.optional(),
  workload: runWorkload.optional(),
  notes: z.array(z.string()),
  interrupted: z.boolean(),
  trials: z.array(trial),
  levels: z.array(levelSummary).optional(),
  precision: precision.optional(),
  gates: z.array(gate).optional(),
});

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; is it a run directory?',
  ENOTDIR: 'expected a run directory, got a file',
};

const CUT_OFF = 'the run was cut off before it had a result; run with --resume goes on with it';

/** Reads `result.json` or the run directory it lies in. Throws TidemarkError `RESULT` naming the file and what is wrong. */
export function readResult(path: string): Result {
  const file = path.endsWith('.json') ? path : join(path, RESULT_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isCutOff = code === 'ENOENT' && existsSync(join(dirname(file), JOURNAL_FILE));
    const reason = isCutOff ? CUT_OFF : (READ_PROBLEMS[code] ?? (error as Error).message);
    throw new TidemarkError('RESULT', `${file}: ${reason}`, { cause: error });
  }
  return parseResult(text, file);
}

/** `file` is only named in errors. Fields that this version does not know are kept. */
export function parseResult(text: string, file: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const what = text.trim() === '' ? 'is empty' : `is cut off or not JSON (${(error as Error).message})`;
    throw new TidemarkError(
      'RESULT',
      `${file}: the result ${what}; run with --resume writes it again from the journal`,
      {
        cause: error,
      },
    );
  }
  refuseOtherSchema((value as { schema?: unknown } | null)?.schema, file);
  const parsed = result.safeParse(value);
  if (parsed.success) return parsed.data as Result;
  const issues = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'result'}: ${issue.message}`);
  const more = parsed.error.issues.length - issues.length;
  throw new TidemarkError(
    'RESULT',
    `${file}: not a valid result: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
  );
}

function refuseOtherSchema(schema: unknown, file: string): void {
  if (schema === RESULT_SCHEMA) return;
  const version = /^tidemark\.result\/(\d+)$/.exec(String(schema))?.[1];
  const ours = Number(RESULT_SCHEMA.split('/')[1]);
  if (version !== undefined && Number(version) > ours) {
    throw new TidemarkError(
      'RESULT',
      `${file}: schema ${schema} was written by a newer tidemark; this one reads up to ${RESULT_SCHEMA}. Update tidemark.`,
    );
  }
  const got = schema === undefined ? 'no schema' : `schema ${JSON.stringify(schema)}`;
  throw new TidemarkError(
    'RESULT',
    `${file}: not a result of tidemark: got ${got}, expected "${RESULT_SCHEMA}"`,
  );
}
