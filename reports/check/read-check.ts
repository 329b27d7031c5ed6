import { join } from 'node:path';
import { z } from 'zod';
import { TidemarkError } from '../../core/base/errors.ts';
import { readJsonFile } from '../json-file.ts';
import { CHECK_METRICS } from './check-metrics.ts';
import { CHECK_SCHEMA, type CheckResult } from './check-result.ts';

export const CHECK_FILE = 'check.json';

const metricName = z.enum(CHECK_METRICS.map(({ name }) => name));
const side = z.looseObject({ label: z.string(), description: z.string() });

const check = z.looseObject({
  schema: z.literal(CHECK_SCHEMA),
  verdict: z.enum(['no regression', 'minor slowdown', 'regression', 'improvement', 'inconclusive']),
  metric: metricName,
  change: z.number(),
  low: z.number(),
  high: z.number(),
  sessions: z.number(),
  seconds: z.number(),
  detectable: z.number(),
  margin: z.number(),
  gates: z.array(
    z.looseObject({
      expression: z.string(),
      verdict: z.enum(['pass', 'fail', 'inconclusive']),
      level: z.string().nullable(),
      message: z.string(),
    }),
  ),
  metrics: z.array(
    z.looseObject({
      metric: metricName,
      direction: z.enum(['lower is better', 'higher is better']),
      base: z.number().nullable(),
      candidate: z.number().nullable(),
      change: z.number(),
      low: z.number(),
      high: z.number(),
      p: z.number(),
      sessionLogRatios: z.array(z.number()),
    }),
  ),
  base: side,
  candidate: side,
  load: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  candidateCommit: z
    .looseObject({ commit: z.string().nullable(), dirty: z.boolean(), branch: z.string().nullable() })
    .optional(),
  environment: z.looseObject({ node: z.string(), cpu: z.string(), cores: z.number(), tidemark: z.string() }),
  startedAt: z.string(),
  notes: z.array(z.string()),
});

/** Reads `check.json` of a directory; null when there is none. Throws TidemarkError `RESULT` for one that is no check. */
export function readCheck(directory: string): CheckResult | null {
  const file = join(directory, CHECK_FILE);
  const read = readJsonFile(file, 'check');
  if (read === null) return null;
  const parsed = check.safeParse(read.value);
  if (parsed.success) return parsed.data as unknown as CheckResult;
  const [first] = parsed.error.issues;
  const where = first?.path.join('.') || 'check';
  throw new TidemarkError('RESULT', `${file}: not a check of tidemark: ${where}: ${first?.message}`);
}
