import { z } from 'zod';
import { PUBLISHED_EXPERIMENTS } from '../../reports/published/published-table.ts';
import { DURATION_PATTERN, PRECISION_PATTERN, parseDurationMs, parsePrecision } from '../option-values.ts';
import { SEND_FORMS } from '../sweep/send-forms.ts';

const MAX_PAYLOAD_BYTES = 64 * 1_048_576;

const DURATION_EXPECTED = 'expected a number with a unit: 300ms, 5s, 1m';

// A message that begins with "expected" is shown as it is; see suite-problems.ts.
const duration = z
  .string({ error: DURATION_EXPECTED })
  .regex(DURATION_PATTERN, { error: DURATION_EXPECTED, abort: true })
  .refine(isWithinADay, { error: 'expected at most 24h' });

function isWithinADay(text: string): boolean {
  try {
    parseDurationMs(text);
    return true;
  } catch {
    return false;
  }
}

const PRECISION_EXPECTED = 'expected per cent from 0.1% to 50%: 2%';

function parsedPrecision(text: string, context: z.RefinementCtx): number {
  try {
    return parsePrecision(text);
  } catch {
    context.addIssue({ code: 'custom', message: PRECISION_EXPECTED });
    return z.NEVER;
  }
}

const scalar = z
  .union([z.string(), z.number(), z.boolean()])
  .meta({ description: 'A property value: text, number or boolean.' });

const level = z.union([
  scalar,
  z.strictObject({
    value: scalar.describe("The property's value at this level."),
    with: z.record(z.string(), scalar).describe('Further properties that this level brings along.'),
  }),
]);

/** A level that brings its own property along would be measured at that value, under the level's name. */
function refuseLevelsOverruled(
  factors: Readonly<Record<string, readonly z.output<typeof level>[]>>,
  context: z.RefinementCtx,
): void {
  for (const [property, levels] of Object.entries(factors)) {
    for (const [index, given] of levels.entries()) {
      if (typeof given !== 'object' || !Object.hasOwn(given.with, property)) continue;
      const message = `expected properties other than ${property} itself`;
      context.addIssue({ code: 'custom', path: [property, index, 'with', property], message });
    }
  }
}

const target = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('embedded'),
    brokers: z.int().min(1).max(32).default(3).describe('Brokers of the embedded cluster.'),
    processing: z
      .record(z.string(), duration)
      .default({})
      .describe('By broker, 1 to n: time it takes over each produce request before it answers.'),
  }),
  z.strictObject({
    kind: z.literal('kafka'),
    bootstrapServers: z.string().min(1).describe('host:port[,host:port...]'),
  }),
]);

const topic = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,120}$/, { error: 'expected 1 to 120 characters of a-z A-Z 0-9 . _ -' })
    .default('tidemark')
    .describe("Prefix of the topics' names."),
  partitions: z.int().min(1).max(10_000).default(12),
  replicationFactor: z.int().min(1).max(32_767).default(1),
  configs: z.record(z.string(), scalar).default({}).describe("Topic configs under Kafka's names."),
});

const poolSize = z.int().min(1).max(1_000_000).describe('Different payloads made before the clock starts.');

const payload = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json'), poolSize: poolSize.default(4096) }),
  z.strictObject({
    kind: z.literal('fixed'),
    sizeBytes: z.int().min(1).max(MAX_PAYLOAD_BYTES),
    poolSize: poolSize.default(1024),
    randomShare: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Share of random bytes, the rest is zeros; left out: text that compresses as events do.'),
  }),
  z.strictObject({
    kind: z.literal('file'),
    path: z.string().min(1).describe('Relative to the suite file.'),
    delimiter: z.string().min(1).default('\n'),
  }),
]);

const cardinality = z.int().min(1).max(10_000_000).describe('Number of different keys.');

const keys = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('uniform'), cardinality: cardinality.default(10_000) }),
  z.strictObject({
    kind: z.literal('zipf'),
    cardinality: cardinality.default(10_000),
    exponent: z.number().min(0).max(10).default(1),
  }),
]);

const pace = z.union([
  z.strictObject({ recordsPerSecond: z.number().min(0.001).max(1e9).describe('Over all generators.') }),
  z.strictObject({
    shareOfBase: z.number().min(0.001).max(1).describe('Share of what the base reached at saturation.'),
  }),
]);

const load = z.strictObject({
  generators: z.int().min(1).max(64).default(1).describe('Load generators, each a thread with a producer.'),
  warmup: duration.default('300ms'),
  saturated: duration.default('1s').describe('Throughput is measured here; 0ms leaves the phase out.'),
  paced: duration.default('2s').describe('Latency is measured here; 0ms leaves the phase out.'),
  pace: pace.default({ shareOfBase: 0.3 }),
  burst: z
    .int()
    .min(1)
    .max(1024)
    .nullable()
    .default(null)
    .describe(
      'Records that a generator sends together in the paced phase, never more; null: whatever is due when it wakes.',
    ),
});

/** A suite file; property names of the producer are Kafka's own. */
export const suiteSchema = z
  .strictObject({
    description: z.string().max(500).describe('One line for people.'),
    target: target.default({ kind: 'embedded', brokers: 3, processing: {} }),
    topic: topic.prefault({}),
    payload: payload.default({ kind: 'json', poolSize: 4096 }),
    keys: keys.default({ kind: 'none' }),
    headers: z
      .array(z.strictObject({ key: z.string(), value: z.string() }))
      .max(100)
      .default([])
      .describe('Constant headers of every record.'),
    stamp: z
      .enum(['header', 'value'])
      .default('header')
      .describe('Where generator id and sequence of a record travel.'),
    send: z.enum(SEND_FORMS).default('callback').describe('The form of send().'),
    load: load.prefault({}),
    producer: z
      .record(z.string(), scalar)
      .default({})
      .describe("Base producer properties under Kafka's names; the rest is Kafka's defaults."),
    factors: z
      .record(z.string(), z.array(level).min(1).max(100))
      .superRefine(refuseLevelsOverruled)
      .default({})
      .describe(
        'Producer properties varied, each with its levels; `send`, the form of send(), may be one of them.',
      ),
    design: z.enum(['one-factor', 'full']).default('one-factor'),
    repeats: z.int().min(1).max(100).default(1).describe('Rounds; each holds every level once.'),
    precision: z
      .string({ error: PRECISION_EXPECTED })
      .regex(PRECISION_PATTERN, { error: PRECISION_EXPECTED, abort: true })
      .transform(parsedPrecision)
      .nullable()
      .default(null)
      .describe(
        'Instead of repeats: 5 to 20 rounds, until every level is compared with the base as narrowly as this, such as 2%.',
      ),
    baseRepeats: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe('How often the base runs at least, spread over the run.'),
    gates: z
      .array(z.string())
      .max(100)
      .default([])
      .describe('What must hold, such as p(99)<20ms or lost==0; docs/gates.md has the grammar.'),
    published: z
      .enum(PUBLISHED_EXPERIMENTS)
      .nullable()
      .default(null)
      .describe(
        'A published experiment that the suite repeats: reports set its figures beside the measured ones.',
      ),
    verify: z.enum(['full', 'offsets', 'none']).default('full'),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  })
  .meta({ title: 'Tidemark suite' });

/** A suite with its defaults filled in. */
export type Suite = z.output<typeof suiteSchema>;
export type PropertyScalar = z.output<typeof scalar>;

/** JSON Schema of suite files, for editors; also where names near a misspelt one are looked up. */
export function suiteJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(suiteSchema, { io: 'input' }) as Record<string, unknown>;
}
