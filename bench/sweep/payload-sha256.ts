import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PayloadSpec } from '../../workers/trial-spec.ts';

/** Of the payload file, in hexadecimal; null where records come from elsewhere. */
export function payloadSha256(payload: PayloadSpec): string | null {
  if (payload.kind !== 'file') return null;
  return createHash('sha256').update(readFileSync(payload.path)).digest('hex');
}
