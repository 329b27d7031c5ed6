import { z } from 'zod';
import { CHECK_SCHEMA, type CheckResult } from '../check/check-result.ts';

/** What a history needs of a check; the rest passes through as it is. */
const checkSchema = z.looseObject({
  schema: z.literal(CHECK_SCHEMA),
  verdict: z.enum(['no regression', 'minor slowdown', 'regression', 'improvement', 'inconclusive']),
  metric: z.enum(['cpuNsPerRecord', 'recordsPerSecond', 'latencyP50Ms', 'latencyP90Ms', 'latencyP99Ms']),
  change: z.number().gt(-1),
  low: z.number(),
  high: z.number(),
  sessions: z.int().positive(),
  metrics: z.array(z.looseObject({ metric: z.string(), direction: z.string() })),
  base: z.looseObject({ label: z.string(), description: z.string() }),
  candidate: z.looseObject({ label: z.string(), description: z.string() }),
  environment: z.looseObject({ cpu: z.string(), cores: z.number(), node: z.string() }),
  startedAt: z.iso.datetime({ offset: true }),
});

/** A check.json, read. Throws RangeError that says what is wrong with it. */
export function parseCheck(text: string): CheckResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RangeError('no JSON; the check was cut off, or this is another file');
  }
  const { schema } = (value ?? {}) as { schema?: unknown };
  if (schema !== CHECK_SCHEMA) {
    throw new RangeError(`its schema is ${JSON.stringify(schema ?? null)}, expected "${CHECK_SCHEMA}"`);
  }
  const parsed = checkSchema.safeParse(value);
  if (parsed.success) return value as CheckResult;
  const [issue] = parsed.error.issues;
  throw new RangeError(`${issue?.path.join('.')}: ${issue?.message}`);
}
