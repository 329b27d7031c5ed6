import { basename } from 'node:path';
import type { RunWorkload } from '../../reports/result.ts';
import type { KeySpec, PayloadSpec } from '../../workers/trial-spec.ts';
import type { Plan } from '../sweep/plan.ts';

/** What a plan sends, and how, as its result tells it: enough to see whether two runs sent the same. */
export function runWorkload({ trials, target, payloadSha256 }: Plan): RunWorkload | undefined {
  const [first] = trials;
  if (first === undefined) return undefined;
  const { workload, load } = first;
  const { generators, warmupMs, saturatedMs, pacedMs, burstRecords = null } = load;
  return {
    payload: payloadOf(workload.payload, payloadSha256 ?? null),
    keys: keysOf(workload.keys),
    headers: workload.headers,
    stamp: workload.stamp,
    load: { generators, warmupMs, saturatedMs, pacedMs, burstRecords },
    bootstrapServers: target.kind === 'kafka' ? target.bootstrapServers : null,
  };
}

function payloadOf(payload: PayloadSpec, sha256: string | null): RunWorkload['payload'] {
  if (payload.kind !== 'file') return payload;
  // Where it lay says nothing, and is nobody's business.
  return { kind: 'file', name: basename(payload.path), sha256, delimiter: payload.delimiter };
}

function keysOf(keys: KeySpec): RunWorkload['keys'] {
  if (keys.kind !== 'file') return keys;
  return { kind: 'file', name: basename(keys.path), sha256: keys.sha256, encoding: keys.encoding };
}
