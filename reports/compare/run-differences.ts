import { countText, memoryText } from '../number-text.ts';
import type { Result, RunWorkload, TrialResult } from '../result.ts';
import { matchLevels } from './match-levels.ts';

/** What two runs differ in beside what is compared, a sentence each. */
export interface RunDifferences {
  /** What makes their figures incomparable. */
  readonly refused: readonly string[];
  /** What may be the very thing compared, or is only worth knowing. */
  readonly notes: readonly string[];
}

/** Memory that a hypervisor reports varies by a little. */
const MEMORY_SHARE = 0.02;
const RATE_SHARE = 0.05;

/** Differences of environment, target, payload and configuration. Versions of Tidemark are what may be compared. */
export function runDifferences(base: Result, candidate: Result): RunDifferences {
  const refused = [
    ...environmentDifferences(base, candidate),
    ...targetDifferences(baseTrial(base), baseTrial(candidate)),
    ...workloadDifferences(base.workload, candidate.workload),
    ...configurationDifferences(base, candidate),
  ];
  const notes = [
    ...unknownWorkload(base, 'base'),
    ...unknownWorkload(candidate, 'candidate'),
    ...versionNotes(base, candidate),
    ...rateNotes(base, candidate),
  ];
  return { refused, notes };
}

function differing(what: string, base: unknown, candidate: unknown): string[] {
  const [left, right] = [textOf(base), textOf(candidate)];
  return left === right ? [] : [`${what}: ${left} against ${right}`];
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function environmentDifferences({ environment: a }: Result, { environment: b }: Result): string[] {
  const isMemoryLike = Math.abs(a.memoryBytes - b.memoryBytes) <= MEMORY_SHARE * a.memoryBytes;
  return [
    ...differing('environment: CPU', a.cpu, b.cpu),
    ...differing('environment: cores', a.cores, b.cores),
    ...(isMemoryLike
      ? []
      : differing('environment: memory', memoryText(a.memoryBytes), memoryText(b.memoryBytes))),
    ...differing('environment: Node', a.node, b.node),
    ...differing('environment: system', a.os, b.os),
    ...differing('environment: kernel', a.kernel, b.kernel),
  ];
}

function baseTrial({ trials }: Result): TrialResult | null {
  return trials.find(({ factor }) => factor === null) ?? trials[0] ?? null;
}

function targetDifferences(a: TrialResult | null, b: TrialResult | null): string[] {
  return [
    ...differing('target', a?.target.kind, b?.target.kind),
    ...differing('target: brokers', a?.target.brokers, b?.target.brokers),
    ...differing('target: processing time by broker', a?.target.processingMs, b?.target.processingMs),
    ...differing('topic: partitions', a?.topic.partitions, b?.topic.partitions),
    ...differing('topic: replication factor', a?.topic.replicationFactor, b?.topic.replicationFactor),
    ...differing('form of send()', a?.sendForm, b?.sendForm),
  ];
}

function workloadDifferences(a: RunWorkload | undefined, b: RunWorkload | undefined): string[] {
  if (a === undefined || b === undefined) return [];
  return [
    ...differing('target: servers', a.bootstrapServers, b.bootstrapServers),
    ...payloadDifferences(a.payload, b.payload),
    ...differing('keys', keysText(a.keys), keysText(b.keys)),
    ...differing('headers', a.headers, b.headers),
    ...differing('stamp', a.stamp, b.stamp),
    ...differing('generators', a.load.generators, b.load.generators),
    ...differing('warm-up ms', a.load.warmupMs, b.load.warmupMs),
    ...differing('saturated phase ms', a.load.saturatedMs, b.load.saturatedMs),
    ...differing('paced phase ms', a.load.pacedMs, b.load.pacedMs),
    ...differing('records per burst', a.load.burstRecords, b.load.burstRecords),
  ];
}

/** The name of a file says nothing: the content does. */
function keysText(keys: RunWorkload['keys']): unknown {
  return keys.kind === 'file' ? `a file (sha256 ${keys.sha256.slice(0, 12)}), ${keys.encoding}` : keys;
}

/** A file is its content: it may lie elsewhere under another name. */
function payloadDifferences(a: RunWorkload['payload'], b: RunWorkload['payload']): string[] {
  if (a.kind !== 'file' || b.kind !== 'file') return differing('payload', a, b);
  const hash = (sha256: string | null): string => (sha256 === null ? 'not known' : sha256.slice(0, 12));
  const content =
    a.sha256 === b.sha256
      ? []
      : [contentLine(`${a.name} (${hash(a.sha256)})`, `${b.name} (${hash(b.sha256)})`)];
  return [
    ...content,
    ...differing('payload: delimiter', JSON.stringify(a.delimiter), JSON.stringify(b.delimiter)),
  ];
}

function contentLine(base: string, candidate: string): string {
  return `payload: content of ${base} against ${candidate}`;
}

function configurationDifferences(base: Result, candidate: Result): string[] {
  const properties = [...new Set([...Object.keys(base.base), ...Object.keys(candidate.base)])].sort();
  const { baseAlone, candidateAlone } = matchLevels(base, candidate);
  const alone = (names: readonly string[], side: string): string[] =>
    names.map((name) => `configuration: level ${name} is in the ${side} alone`);
  return [
    ...differing('configuration: design', base.design, candidate.design),
    ...properties.flatMap((property) =>
      differing(`configuration: ${property}`, base.base[property], candidate.base[property]),
    ),
    ...differing('configuration: rate', base.baseWorkload?.rate, candidate.baseWorkload?.rate).filter(
      () => base.baseWorkload !== undefined && candidate.baseWorkload !== undefined,
    ),
    ...alone(baseAlone, 'base'),
    ...alone(candidateAlone, 'candidate'),
  ];
}

function unknownWorkload({ workload, environment }: Result, side: string): string[] {
  if (workload !== undefined) return [];
  return [
    `the ${side} was made by tidemark ${environment.tidemark}, which did not write down payload, keys and phases: whether they are the same is not known`,
  ];
}

function versionNotes(
  { environment: a, project: p }: Result,
  { environment: b, project: q }: Result,
): string[] {
  const names = [...new Set([...Object.keys(a.packages), ...Object.keys(b.packages)])].sort();
  const commits = p?.commit && q?.commit ? differing('commit', short(p.commit), short(q.commit)) : [];
  return [
    ...differing('tidemark', a.tidemark, b.tidemark),
    ...names.flatMap((name) => differing(name, a.packages[name], b.packages[name])),
    ...commits,
  ];
}

function short(commit: string): string {
  return commit.slice(0, 12);
}

/** A share of what the base reached is another rate in each run, and latency goes with the rate. */
function rateNotes(base: Result, candidate: Result): string[] {
  const [a, b] = [baseTrial(base)?.pacedRate ?? null, baseTrial(candidate)?.pacedRate ?? null];
  if (a === null || b === null || Math.abs(a - b) <= RATE_SHARE * Math.max(a, b)) return [];
  return [
    `paced at ${countText(a)} against ${countText(b)} records/s, each a share of what its own base reached: latency, CPU and requests are at different rates (--set rate=N fixes one)`,
  ];
}
