import { join } from 'node:path';
import { z } from 'zod';
import { TidemarkError } from '../../core/base/errors.ts';
import { readJsonFile } from '../json-file.ts';
import { COMPARISON_SCHEMA, type ComparisonResult } from './comparison-result.ts';

export const COMPARISON_FILE = 'comparison.json';

const side = z.looseObject({ label: z.string(), description: z.string() });
const figure = z.number().nullable();

const comparison = z.looseObject({
  schema: z.literal(COMPARISON_SCHEMA),
  base: side,
  candidate: side,
  rows: z.array(
    z.looseObject({
      metric: z.string(),
      level: z.string().nullable(),
      base: figure,
      candidate: figure,
      change: figure,
      low: figure,
      high: figure,
      p: figure,
      n: z.number(),
      significant: z.boolean(),
    }),
  ),
  environment: z.looseObject({ node: z.string(), cpu: z.string(), cores: z.number(), tidemark: z.string() }),
  project: z.looseObject({ commit: z.string().nullable(), branch: z.string().nullable() }),
  startedAt: z.string(),
  notes: z.array(z.string()),
});

/** Reads `comparison.json` of a directory; null when there is none. Throws TidemarkError `RESULT` for one that is none. */
export function readComparison(directory: string): ComparisonResult | null {
  const file = join(directory, COMPARISON_FILE);
  const read = readJsonFile(file, 'comparison');
  if (read === null) return null;
  const parsed = comparison.safeParse(read.value);
  if (parsed.success) return parsed.data as unknown as ComparisonResult;
  const [first] = parsed.error.issues;
  const where = first?.path.join('.') || 'comparison';
  throw new TidemarkError('RESULT', `${file}: not a comparison of tidemark: ${where}: ${first?.message}`);
}
