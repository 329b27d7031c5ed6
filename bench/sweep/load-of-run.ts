import { dirname, resolve } from 'node:path';
import { processingProblems } from '../../core/broker/processing-delays.ts';
import type { LoadSpec, PayloadSpec, TargetSpec, TopicSpec, WorkloadSpec } from '../../workers/trial-spec.ts';
import { usageError } from '../cli-error.ts';
import { parseBootstrapServers, parseDurationMs } from '../option-values.ts';
import type { LoadedSuite } from '../suite/loaded-suite.ts';
import type { RunFlags } from './run-flags.ts';

/** Everything of a trial that is the same for all trials of a run. */
export interface CommonSpec {
  readonly target: TargetSpec;
  readonly topic: TopicSpec;
  readonly workload: WorkloadSpec;
  readonly load: LoadSpec;
}

/** The suite's target, topic, workload and load with the flags over them; all that contradicts itself at once (exit 2). */
export function commonSpecOf(loaded: LoadedSuite, flags: RunFlags, workingDirectory: string): CommonSpec {
  const problems: string[] = [];
  const target = targetOf(loaded, flags, problems);
  const topic = topicOf(loaded, flags, target, problems);
  const load = loadOf(loaded, flags, problems);
  const { keys, headers, stamp, send } = loaded.suite;
  const workload = {
    payload: payloadOf(loaded, flags, workingDirectory, problems),
    keys: flags.keys ?? keys,
    headers,
    stamp,
    send,
  };
  if (problems.length > 0) throw usageError(...problems);
  return { target, topic, workload, load };
}

function targetOf({ suite, placeOf }: LoadedSuite, flags: RunFlags, problems: string[]): TargetSpec {
  if (flags.bootstrapServer !== null) return { kind: 'kafka', bootstrapServers: flags.bootstrapServer };
  if (suite.target.kind === 'embedded') return embeddedTarget(suite.target, placeOf, problems);
  try {
    return { kind: 'kafka', bootstrapServers: parseBootstrapServers(suite.target.bootstrapServers) };
  } catch (error) {
    const place = placeOf(['target', 'bootstrapServers']);
    problems.push(`${place}: target.bootstrapServers: ${(error as RangeError).message}`);
    return suite.target;
  }
}

function embeddedTarget(
  { kind, brokers, processing }: Extract<LoadedSuite['suite']['target'], { kind: 'embedded' }>,
  placeOf: LoadedSuite['placeOf'],
  problems: string[],
): TargetSpec {
  const delays = Object.entries(processing).map(([id, text]) => [id, parseDurationMs(text)] as const);
  if (delays.length === 0) return { kind, brokers };
  for (const [id, delayMs] of delays) {
    const place = placeOf(['target', 'processing', id]);
    problems.push(
      ...processingProblems({ [id]: delayMs }, brokers).map((text) => `${place}: target.${text}`),
    );
  }
  return { kind, brokers, processingMs: Object.fromEntries(delays) };
}

/** What the suite asks of embedded brokers and others do not do. */
export function targetNotes({ suite }: LoadedSuite, target: TargetSpec): string[] {
  const isLost =
    target.kind === 'kafka' &&
    suite.target.kind === 'embedded' &&
    Object.keys(suite.target.processing).length > 0;
  return isLost ? ['no broker was made slow: target.processing is what embedded brokers do'] : [];
}

function topicOf(
  { suite, placeOf }: LoadedSuite,
  flags: RunFlags,
  target: TargetSpec,
  problems: string[],
): TopicSpec {
  const replicationFactor = flags.replicationFactor ?? suite.topic.replicationFactor;
  if (target.kind === 'embedded' && replicationFactor !== 1) {
    const place =
      flags.replicationFactor === null
        ? `${placeOf(['topic', 'replicationFactor'])}: topic.replicationFactor`
        : '--replication-factor';
    problems.push(
      `${place}: the embedded cluster does not replicate, got ${replicationFactor}, expected 1 (or name a cluster with --bootstrap-server)`,
    );
  }
  if (flags.topic !== null && target.kind === 'embedded') {
    problems.push(
      '--topic names a topic that exists, and the embedded cluster starts empty: name a cluster with --bootstrap-server',
    );
  }
  if (flags.topic !== null && flags.replicationFactor !== null) {
    problems.push('--topic and --replication-factor exclude each other: a topic that exists has its own');
  }
  const configs = Object.fromEntries(
    Object.entries(suite.topic.configs).map(([name, value]) => [name, String(value)]),
  );
  const inSync = Number(configs['min.insync.replicas'] ?? 1);
  if (flags.topic === null && inSync > replicationFactor) {
    problems.push(
      `${placeOf(['topic', 'configs', 'min.insync.replicas'])}: topic.configs.min.insync.replicas: got ${inSync}, expected at most the replication factor ${replicationFactor}: with acks=all no record could be acknowledged`,
    );
  }
  if (flags.topic !== null)
    return { ...suite.topic, name: flags.topic, exists: true, replicationFactor, configs: {} };
  return { ...suite.topic, exists: false, replicationFactor, configs };
}

function loadOf({ suite, placeOf }: LoadedSuite, flags: RunFlags, problems: string[]): LoadSpec {
  const phases = {
    saturatedMs: parseDurationMs(suite.load.saturated),
    pacedMs: parseDurationMs(suite.load.paced),
  };
  const lengthMs = flags.durationMs ?? (Math.max(phases.pacedMs, phases.saturatedMs) || 1000);
  let { saturatedMs, pacedMs } = phases;
  let pace: LoadSpec['pace'] =
    'recordsPerSecond' in suite.load.pace
      ? { kind: 'rate', recordsPerSecond: suite.load.pace.recordsPerSecond }
      : { kind: 'share', ofBase: suite.load.pace.shareOfBase };
  if (flags.throughput === -1) {
    saturatedMs = lengthMs;
    pacedMs = 0;
  } else if (flags.throughput !== null) {
    saturatedMs = 0;
    pacedMs = lengthMs;
    pace = { kind: 'rate', recordsPerSecond: flags.throughput };
  } else if (flags.durationMs !== null) {
    saturatedMs = saturatedMs > 0 ? lengthMs : 0;
    pacedMs = pacedMs > 0 ? lengthMs : 0;
  }
  if (saturatedMs + pacedMs === 0) {
    problems.push(
      `${placeOf(['load'])}: load: both phases are 0ms long, expected saturated or paced above 0ms`,
    );
  }
  if (pacedMs > 0 && saturatedMs === 0 && pace.kind === 'share') {
    problems.push(
      `${placeOf(['load', 'pace'])}: load.pace: a share of what the base reaches needs a saturated phase, got 0ms; expected recordsPerSecond, or saturated above 0ms`,
    );
  }
  return {
    generators: flags.generators ?? suite.load.generators,
    warmupMs: flags.warmupMs ?? parseDurationMs(suite.load.warmup),
    saturatedMs,
    pacedMs,
    pace,
    ...(suite.load.burst === null ? {} : { burstRecords: suite.load.burst }),
  };
}

function payloadOf(
  { suite, location }: LoadedSuite,
  flags: RunFlags,
  workingDirectory: string,
  problems: string[],
): PayloadSpec {
  if (flags.payloadFile !== null && flags.recordSizeBytes !== null) {
    problems.push(
      '--payload-file and --record-size exclude each other: a record is a line of the file or of fixed size',
    );
  }
  if (flags.payloadFile !== null) {
    const path = resolve(workingDirectory, flags.payloadFile);
    return { kind: 'file', path, delimiter: flags.payloadDelimiter ?? '\n' };
  }
  if (flags.recordSizeBytes !== null) {
    const poolSize =
      suite.payload.kind === 'fixed' ? suite.payload.poolSize : fixedPoolSize(flags.recordSizeBytes);
    return { kind: 'fixed', sizeBytes: flags.recordSizeBytes, poolSize };
  }
  if (suite.payload.kind === 'file') {
    const path = resolve(dirname(location.path), suite.payload.path);
    return { ...suite.payload, path, delimiter: flags.payloadDelimiter ?? suite.payload.delimiter };
  }
  if (flags.payloadDelimiter !== null) problems.push('--payload-delimiter needs --payload-file');
  return suite.payload;
}

const FIXED_POOL_BYTES = 16 * 1_048_576;

/** Enough different payloads, within a bounded pool. */
function fixedPoolSize(sizeBytes: number): number {
  return Math.max(1, Math.min(1024, Math.floor(FIXED_POOL_BYTES / sizeBytes)));
}
