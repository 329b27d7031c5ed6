import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PayloadSpec } from '../workers/trial-spec.ts';

/** In hexadecimal. Throws what reading throws. */
export function fileSha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Of the payload file; null where records come from elsewhere. */
export function payloadSha256(payload: PayloadSpec): string | null {
  return payload.kind === 'file' ? fileSha256(payload.path) : null;
}
