import { totalmem } from 'node:os';
import { TidemarkError } from '../../core/base/errors.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { realClock } from '../../core/base/real-clock.ts';
import { Cluster } from '../../core/client/cluster.ts';
import { createTcpNetwork } from '../../core/client/tcp-network.ts';
import type { TrialResult } from '../../reports/result.ts';
import { ClusterThread } from '../../workers/cluster-thread.ts';
import { GeneratorPool } from '../../workers/generator-pool.ts';
import { securityOf } from '../../workers/run-security.ts';
import type { TargetSpec, TrialSpec } from '../../workers/trial-spec.ts';
import { revealed } from '../sweep/run-secrets.ts';
import type {
  OpenTrialSession,
  SessionOptions,
  TrialOptions,
  TrialOutcome,
  TrialSession,
} from '../trial-session.ts';
import { GeneratorLink } from './generator-link.ts';
import { measureTrial } from './measure-trial.ts';
import {
  failedResult,
  latencyIntervals,
  mergeHistograms,
  type TrialFrame,
  trialResult,
} from './trial-result.ts';
import { checkTopicExists, openTrialTopic } from './trial-topic.ts';
import { verifyTrial } from './verify-trial.ts';

/** Rates of a fresh thread keep rising for about that long, the warm-up of the trial itself included. */
const REHEARSAL_MAX_MS = 1200;
/** A rehearsal is at most this many times as long as the phase it rehearses. */
const REHEARSAL_PHASES = 3;
const LOOPBACK = '127.0.0.1';
const CLIENT_ID = 'tidemark';
/** Record bytes that a verified trial may leave in the log: it must be there whole to be read back. */
const MAX_KEPT_BYTES = 4 * 1024 ** 3;
const MAX_KEPT_SHARE_OF_MEMORY = 0.25;
/** Kept in the embedded cluster when only offsets are verified. */
const RETAINED_BYTES = 1024 ** 3;
const SEGMENTS_PER_PARTITION = 8;

/** Starts the embedded cluster, or reaches the one named, and keeps it and the pool of generators for a whole run. */
export const openTrialSession: OpenTrialSession = async (options) => {
  const started = options.target.kind === 'embedded' ? await startEmbedded(options.target) : null;
  const bootstrapServers =
    options.target.kind === 'embedded' ? started!.bootstrapServers : options.target.bootstrapServers;
  let cluster: Cluster | null = null;
  try {
    cluster = await Cluster.connect({
      bootstrapServers: bootstrapServers.split(','),
      clientId: CLIENT_ID,
      network: createTcpNetwork(),
      clock: realClock,
      random: new SeededRandom(0),
      config: { security: securityOf(revealed(options.base, options.secrets)) },
    });
    if (options.existingTopic !== null) await checkTopicExists(cluster, options.existingTopic);
    return new Session(options, { started, cluster, bootstrapServers });
  } catch (error) {
    await cluster?.close();
    await started?.close();
    throw error;
  }
};

type EmbeddedTarget = Extract<TargetSpec, { kind: 'embedded' }>;

function startEmbedded({ brokers, processingMs }: EmbeddedTarget): Promise<ClusterThread> {
  return ClusterThread.start({ brokers, host: LOOPBACK, seed: 0, processingMs }, () => {});
}

interface OpenedTarget {
  readonly started: ClusterThread | null;
  readonly cluster: Cluster;
  readonly bootstrapServers: string;
}

class Session implements TrialSession {
  readonly bootstrapServers: string;
  readonly brokers: number;
  readonly #options: SessionOptions;
  readonly #target: OpenedTarget;
  readonly #pool: GeneratorPool;
  #isWarm = false;

  constructor(options: SessionOptions, target: OpenedTarget) {
    this.#options = options;
    this.#target = target;
    this.#pool = new GeneratorPool(options.generators);
    this.bootstrapServers = target.bootstrapServers;
    this.brokers = target.cluster.brokers.length;
  }

  async runTrial(spec: TrialSpec, options: TrialOptions): Promise<TrialOutcome> {
    const startedNs = realClock.nowNs();
    const frame = this.#frameOf(spec);
    try {
      await this.#rehearse(spec, options);
      return await this.#run(frame, options, startedNs);
    } catch (error) {
      if (options.signal.aborted)
        throw new TidemarkError('INTERRUPTED', 'the trial was interrupted', { cause: error });
      if (this.#isTargetGone(error)) throw error;
      return {
        result: failedResult(frame, error as Error, secondsSince(startedNs)),
        histogram: null,
        intervals: [],
      };
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#target.cluster.close();
    await this.#target.started?.close();
  }

  async #run(frame: TrialFrame, options: TrialOptions, startedNs: number): Promise<TrialOutcome> {
    const { cluster } = this.#target;
    options.onProgress({ phase: 'prepare', recordsPerSecond: null, p99Ms: null });
    const topic = await openTrialTopic(cluster, frame.spec, {
      name: frame.topicName,
      configs: this.#topicConfigs(frame.spec),
      // Only a name that holds the run's id can be nobody else's.
      replacesOwn: this.#options.isResumed === true && frame.topicName.includes(this.#options.runId),
    });
    const { spec, startOffsets } = topic;
    const aborting = new AbortController();
    const signal = AbortSignal.any([options.signal, aborting.signal]);
    const links = this.#startGenerators(spec, topic.name, signal);
    try {
      const measured = await measureTrial({
        spec,
        links,
        pacedRate: options.pacedRate,
        maxRecordBytes:
          spec.verify === 'full'
            ? Math.min(MAX_KEPT_BYTES, totalmem() * MAX_KEPT_SHARE_OF_MEMORY)
            : Number.MAX_VALUE,
        onProgress: options.onProgress,
      });
      options.onProgress({ phase: 'verify', recordsPerSecond: null, p99Ms: null });
      const verification = await verifyTrial({
        spec,
        producer: revealed(spec.producer, this.#options.secrets),
        topic: topic.name,
        startOffsets,
        cluster,
        pool: this.#pool,
        bootstrapServers: this.bootstrapServers,
        generators: measured.generators,
        signal,
      });
      const phase = measured.paced ?? measured.saturated ?? [];
      const merged = mergeHistograms(phase.map((report) => report.latency));
      const histogram = merged.count === 0 ? null : merged.toBytes();
      merged.destroy();
      return {
        result: trialResult({ ...frame, spec }, measured, verification, secondsSince(startedNs)),
        histogram,
        intervals: latencyIntervals(measured),
      };
    } finally {
      // A generator that failed leaves the others waiting: their tasks end here, and the topic goes with them.
      aborting.abort();
      for (const link of links) link.close();
      await topic.release();
    }
  }

  /**
   * Before its first trial a session runs one that nobody hears of: code gets compiled, connections and memory get
   * used once. Without it the first base, which the common rate comes from, would be the slowest of all.
   */
  async #rehearse(spec: TrialSpec, options: TrialOptions): Promise<void> {
    if (this.#isWarm) return;
    this.#isWarm = true;
    const { saturatedMs, pacedMs } = spec.load;
    const lengthMs = Math.min(REHEARSAL_MAX_MS, REHEARSAL_PHASES * Math.max(saturatedMs, pacedMs));
    const isSaturated = saturatedMs > 0;
    const load = {
      ...spec.load,
      warmupMs: 0,
      saturatedMs: isSaturated ? lengthMs : 0,
      pacedMs: isSaturated ? 0 : lengthMs,
    };
    const frame = this.#frameOf({ ...spec, id: `${spec.id}-rehearsal`, load });
    const quiet = {
      ...options,
      onProgress: () => options.onProgress({ phase: 'prepare', recordsPerSecond: null, p99Ms: null }),
    };
    try {
      await this.#run(frame, quiet, realClock.nowNs());
    } catch (error) {
      // What ails the rehearsal ails the trial too, which will say it.
      if (options.signal.aborted || this.#isTargetGone(error)) throw error;
    }
  }

  #startGenerators(spec: TrialSpec, topic: string, signal: AbortSignal): GeneratorLink[] {
    return Array.from({ length: spec.load.generators }, (_, generator) => {
      const { port, done } = this.#pool.generate(
        {
          generator,
          generators: spec.load.generators,
          seed: spec.seed,
          bootstrapServers: this.bootstrapServers,
          topic,
          partitions: spec.topic.partitions,
          producer: revealed(spec.producer, this.#options.secrets),
          workload: spec.workload,
        },
        signal,
      );
      return new GeneratorLink(port, done);
    });
  }

  #frameOf(spec: TrialSpec): TrialFrame {
    const madeName = `${spec.topic.name}-${this.#options.runId}-${spec.id}`
      .replace(/[^a-zA-Z0-9._-]/g, '_')
      .slice(0, 249);
    return {
      spec,
      topicName: spec.topic.exists ? spec.topic.name : madeName,
      target: targetOf(this.#options.target, this.brokers),
      startedAt: new Date().toISOString(),
    };
  }

  /** The embedded log is in memory: where records are not read back, only the newest are kept. */
  #topicConfigs(spec: TrialSpec): Record<string, string> {
    if (this.#options.target.kind !== 'embedded' || spec.verify === 'full') return { ...spec.topic.configs };
    const perPartition = Math.floor(RETAINED_BYTES / spec.topic.partitions);
    return {
      'retention.bytes': String(perPartition),
      'segment.bytes': String(Math.max(1024 * 1024, Math.floor(perPartition / SEGMENTS_PER_PARTITION))),
      ...spec.topic.configs,
    };
  }

  #isTargetGone(error: unknown): boolean {
    return (
      this.#options.target.kind === 'kafka' && error instanceof TidemarkError && error.kind === 'NETWORK'
    );
  }
}

function targetOf(target: TargetSpec, brokers: number): TrialResult['target'] {
  const processingMs = target.kind === 'embedded' ? target.processingMs : undefined;
  return { kind: target.kind, brokers, ...(processingMs === undefined ? {} : { processingMs }) };
}

function secondsSince(startNs: number): number {
  return (realClock.nowNs() - startNs) / 1e9;
}
