import { listOffsets } from '../../core/client/admin.ts';
import type { Cluster } from '../../core/client/cluster.ts';
import type { GeneratorPool } from '../../workers/generator-pool.ts';
import type { GeneratorReport } from '../../workers/generator-protocol.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import type { VerifyReport } from '../../workers/verify-task.ts';
import { sumOf } from './measure-trial.ts';

/** What comparing the log with the producer's acknowledgements showed; null = cannot be known. */
export interface Verification {
  readonly findings: {
    readonly lost: number | null;
    readonly duplicated: number | null;
    readonly reordered: number | null;
    readonly corrupted: number | null;
  };
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  readonly spec: TrialSpec;
  /** The spec's producer properties with their secrets. */
  readonly producer: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly cluster: Cluster;
  readonly pool: GeneratorPool;
  readonly bootstrapServers: string;
  readonly generators: readonly GeneratorReport[];
  /** Where the log of each partition ended before the trial. */
  readonly startOffsets: readonly number[];
  readonly signal: AbortSignal;
}

const UNANSWERED_POLL_MS = 50;
const UNANSWERED_STABLE_POLLS = 4;

/**
 * Holds a drained trial against the log: end offsets must have grown by what was acknowledged, and with
 * `verify: full` every record is read back. Under acks=0 nothing was acknowledged, so it waits until the log stops
 * growing and tells what arrived.
 */
export async function verifyTrial(options: VerifyOptions): Promise<Verification> {
  const { spec, generators } = options;
  const acksNone = spec.producer['acks'] === '0';
  const sent = sumOf(generators, (report) => report.sent);
  const acknowledged = sumOf(generators, (report) => report.acknowledged);
  const failed = sumOf(generators, (report) => report.failed);
  const ends = acksNone ? await settledEndOffsets(options, sent) : await endOffsets(options);
  const grown = growth(options, ends);
  const notes = acksNone
    ? [`acks=0: no broker answers; ${grown} of the ${sent} records written to the socket were in the log`]
    : [];
  if (spec.verify === 'none') {
    return { findings: { lost: null, duplicated: null, reordered: null, corrupted: null }, notes };
  }
  if (spec.verify === 'offsets') {
    const lost = Math.max(0, acknowledged - grown);
    const duplicated = failed > 0 ? null : Math.max(0, grown - acknowledged);
    return { findings: { lost, duplicated, reordered: null, corrupted: null }, notes };
  }
  return { findings: findingsOf(await readBack(options, ends), acknowledged, grown), notes };
}

function findingsOf(report: VerifyReport, acknowledged: number, grown: number): Verification['findings'] {
  // The offsets are a second witness: what they miss was lost even if the reader was wrong.
  const lost = Math.max(report.lost, acknowledged - grown, 0);
  return { lost, duplicated: report.duplicated, reordered: report.reordered, corrupted: report.corrupted };
}

function readBack(options: VerifyOptions, ends: readonly number[]): Promise<VerifyReport> {
  const { spec, topic, pool, bootstrapServers, generators, startOffsets, signal } = options;
  return pool.verify(
    {
      bootstrapServers,
      producer: options.producer,
      topic,
      startOffsets,
      endOffsets: ends,
      workload: spec.workload,
      seed: spec.seed,
      generators: generators.map(({ sent, failedSequences }) => ({ sent, failedSequences })),
    },
    signal,
  );
}

export async function endOffsets(
  options: Pick<VerifyOptions, 'cluster' | 'topic' | 'spec'>,
): Promise<number[]> {
  const { cluster, topic, spec } = options;
  const partitions = partitionsOf(spec);
  const found = await listOffsets(cluster, topic, partitions, 'latest');
  return partitions.map((partition) => found.get(partition)!.offset);
}

function growth({ startOffsets }: VerifyOptions, ends: readonly number[]): number {
  return ends.reduce((sum, end, partition) => sum + end - startOffsets[partition]!, 0);
}

export function partitionsOf(spec: TrialSpec): number[] {
  return Array.from({ length: spec.topic.partitions }, (_, partition) => partition);
}

/** Polls until everything sent is there, or the log has stopped growing. */
async function settledEndOffsets(options: VerifyOptions, sent: number): Promise<number[]> {
  let ends = await endOffsets(options);
  for (let unchanged = 0; unchanged < UNANSWERED_STABLE_POLLS; ) {
    if (growth(options, ends) >= sent) break;
    await new Promise((resolve) => setTimeout(resolve, UNANSWERED_POLL_MS));
    const next = await endOffsets(options);
    unchanged = next.every((end, partition) => end === ends[partition]) ? unchanged + 1 : 0;
    ends = next;
  }
  return ends;
}
