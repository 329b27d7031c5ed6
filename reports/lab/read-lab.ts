import { join } from 'node:path';
import { z } from 'zod';
import { TidemarkError } from '../../core/base/errors.ts';
import { readJsonFile } from '../json-file.ts';
import { LAB_SCHEMA, type LabResult } from './lab-result.ts';

export const LAB_FILE = 'partitioners.json';
export const LAB_PAGE = 'partitioners.html';

const share = z.number().nullable();

const placement = z.looseObject({
  name: z.string(),
  rule: z.string(),
  service: z.string().nullable(),
  clients: z.array(z.string()),
  isKeyed: z.boolean(),
  partitions: z.number(),
  recordsPerPartition: z.array(z.number()).min(1),
  maxOverMean: z.number(),
  gini: z.number(),
  coefficientOfVariation: z.number(),
  bytesMaxOverMean: z.number(),
  emptyPartitions: z.number(),
  hottestPartition: z.looseObject({
    partition: z.number(),
    records: z.number(),
    share: z.number(),
    keys: z.array(z.looseObject({ key: z.string(), share: z.number() })),
  }),
  hottestKeys: z.array(
    z.looseObject({
      key: z.string(),
      records: z.number(),
      share: z.number(),
      partition: share,
      shareOfPartition: share,
      shareOfHottestPartition: share,
    }),
  ),
});

const lab = z.looseObject({
  schema: z.literal(LAB_SCHEMA),
  tidemark: z.string(),
  partitions: z.array(z.number()).min(1),
  keys: z.number(),
  records: z.number(),
  bytes: z.number(),
  recordSizeBytes: z.number(),
  source: z.looseObject({ kind: z.enum(['file', 'distribution']), name: z.string() }),
  strategies: z.array(placement).min(1),
  disagreement: z.array(
    z.looseObject({ a: z.string(), b: z.string(), partitions: z.number(), share: z.number() }),
  ),
  moved: z.array(z.looseObject({ from: z.number(), to: z.number(), strategy: z.string() })),
  recommendation: z.looseObject({
    strategy: z.string().nullable(),
    advice: z.string(),
    reasons: z.array(z.string()),
    limits: z.array(z.string()),
  }),
  notes: z.array(z.string()),
});

/** Reads `partitioners.json` of a directory; null when there is none. Throws TidemarkError `RESULT` for one that is no such thing. */
export function readLab(directory: string): LabResult | null {
  const file = join(directory, LAB_FILE);
  const read = readJsonFile(file, 'placement of keys');
  if (read === null) return null;
  const parsed = lab.safeParse(read.value);
  if (parsed.success) return parsed.data as unknown as LabResult;
  const [first] = parsed.error.issues;
  const where = first?.path.join('.') || 'it';
  throw new TidemarkError(
    'RESULT',
    `${file}: not made by tidemark partitioners: ${where}: ${first?.message}`,
  );
}
