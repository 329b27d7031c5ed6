import { reasonOf, usageError } from '../cli-error.ts';
import { fileSha256 } from '../file-sha256.ts';
import type { Plan } from '../sweep/plan.ts';

/**
 * A run that goes on sends what it has sent so far: a file of payloads or keys that was changed since would be mixed with
 * what it was, level by level. Exit 2, also where such a file is gone.
 */
export function refuseChangedFiles({ trials, payloadSha256 = null }: Plan): void {
  const [first] = trials;
  if (first === undefined) return;
  const { payload, keys } = first.workload;
  if (payload.kind === 'file') refuseChanged('payloads', payload.path, payloadSha256);
  if (keys.kind === 'file') refuseChanged('keys', keys.path, keys.sha256);
}

function refuseChanged(what: string, path: string, known: string | null): void {
  let now: string;
  try {
    now = fileSha256(path);
  } catch (error) {
    throw usageError(`the file of ${what} ${path} cannot be read any more: ${reasonOf(error)}`);
  }
  if (known === null || now === known) return;
  throw usageError(
    `the file of ${what} ${path} was changed since the run began: put it back as it was, or begin a new run`,
  );
}
