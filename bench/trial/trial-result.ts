import { latencyFigures } from '../../reports/measure/latency-figures.ts';
import { LatencyHistogram } from '../../reports/measure/latency-histogram.ts';
import type { TrialResult } from '../../reports/result.ts';
import type { GeneratorReport, PhaseReport, SaturatedReport } from '../../workers/generator-protocol.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { workloadSettings } from '../sweep/workload-factors.ts';
import type { LatencyInterval } from '../trial-session.ts';
import { type Measurements, sumOf } from './measure-trial.ts';
import { pacedOf, partitionsOf, queuesOf } from './paced-figures.ts';
import type { Verification } from './verify-trial.ts';

/** What is known of a trial before it has measured anything. */
export interface TrialFrame {
  readonly spec: TrialSpec;
  readonly topicName: string;
  readonly target: TrialResult['target'];
  readonly startedAt: string;
}

/** The result of a trial that measured and was verified; `failed` when its records did not all arrive as sent. */
export function trialResult(
  frame: TrialFrame,
  measured: Measurements,
  verification: Verification,
  elapsedSeconds: number,
): TrialResult {
  const { spec } = frame;
  const generators = measured.generators;
  const phase = measured.paced ?? measured.saturated ?? [];
  const failed = sumOf(generators, (report) => report.failed);
  const error = failureOf(generators, verification, spec.producer['acks'] === '0');
  return {
    ...emptyResult(frame, elapsedSeconds),
    status: error === null ? 'ok' : 'failed',
    error,
    notes: notesOf(measured, verification),
    records: {
      sent: sumOf(generators, (report) => report.sent),
      acknowledged: sumOf(generators, (report) => report.acknowledged),
      failed,
      ...verification.findings,
    },
    throughput: throughputOf(measured.saturated),
    batches: batchesOf(phase),
    delivery: deliveryOf(generators),
    latencyMs: mergedLatency(phase, spec),
    latencyKind: measured.paced === null ? 'service' : 'response',
    pacedRate: measured.pacedRate,
    overloaded: measured.paced?.some((report) => report.overloaded) ?? false,
    sendDelayMs: sendDelayOf(measured),
    burst: burstOf(phase),
    partitions: partitionsOf(generators, spec.topic.partitions, {
      paced: measured.paced,
      recordsPerBatch: batchesOf(phase).meanRecords ?? 1,
    }),
    paced: pacedOf(measured),
    queues: queuesOf(measured.paced, spec),
    durationSeconds: durationOf(measured, spec),
    cpuNsPerRecord: perRecord(phase, (report) => report.work.cpuNs),
  };
}

/** The result of a trial that came to nothing: no figure, and why. */
export function failedResult(frame: TrialFrame, error: Error, elapsedSeconds: number): TrialResult {
  return { ...emptyResult(frame, elapsedSeconds), error: error.message };
}

function emptyResult(frame: TrialFrame, elapsedSeconds: number): TrialResult {
  const { spec, target, startedAt } = frame;
  const none = {
    count: 0,
    mean: null,
    p50: null,
    p90: null,
    p95: null,
    p99: null,
    p999: null,
    p9999: null,
    max: null,
  };
  return {
    id: spec.id,
    round: spec.round,
    factor: spec.factor,
    level: spec.level,
    producer: spec.producer,
    topic: {
      name: frame.topicName,
      partitions: spec.topic.partitions,
      replicationFactor: spec.topic.replicationFactor,
    },
    target,
    sendForm: spec.workload.send,
    workload: workloadSettings(spec),
    generators: spec.load.generators,
    status: 'failed',
    error: null,
    notes: [],
    verify: spec.verify,
    records: {
      sent: 0,
      acknowledged: 0,
      failed: 0,
      lost: null,
      duplicated: null,
      reordered: null,
      corrupted: null,
    },
    throughput: { recordsPerSecond: null, megabytesPerSecond: null, wireBytesPerSecond: null },
    batches: {
      count: 0,
      meanRecords: null,
      meanBytes: null,
      requests: 0,
      requestsPerRecord: null,
      compressionRatio: null,
    },
    delivery: null,
    latencyMs: none,
    latencyKind: spec.load.pacedMs > 0 ? 'response' : 'service',
    pacedRate: null,
    overloaded: false,
    sendDelayMs: null,
    burst: null,
    partitions: [],
    durationSeconds: 0,
    cpuNsPerRecord: null,
    startedAt,
    elapsedSeconds,
    histograms: null,
  };
}

function failureOf(
  generators: readonly GeneratorReport[],
  verification: Verification,
  acksNone: boolean,
): string | null {
  const failed = sumOf(generators, (report) => report.failed);
  if (failed > 0)
    return `${failed} records failed, the first with: ${generators.find((g) => g.firstError !== null)?.firstError}`;
  const { lost, duplicated, reordered, corrupted } = verification.findings;
  // With acks=0 nobody promised anything: what did not arrive is told, and is no failure of the trial.
  const counts = { lost: acksNone ? 0 : lost, duplicated, reordered, corrupted };
  const wrong = Object.entries(counts).filter(([, count]) => (count ?? 0) > 0);
  return wrong.length === 0
    ? null
    : `verification found ${wrong.map(([name, count]) => `${count} ${name}`).join(', ')} records`;
}

function notesOf(measured: Measurements, verification: Verification): string[] {
  const notes = [...verification.notes];
  if (measured.saturated?.some((report) => report.cutShort)) {
    notes.push('the saturated phase ended early: as much had been sent as may be kept for verification');
  }
  const { throttleTimeMs } = deliveryOf(measured.generators);
  if (throttleTimeMs > 0) {
    notes.push(
      `throttled: the brokers asked for pauses of ${throttleTimeMs} ms in all (a produce quota), and the producer kept them`,
    );
  }
  if (measured.saturated !== null && !hasThroughput(measured.saturated)) {
    notes.push(
      'nothing was acknowledged inside the saturated window, so it has no throughput: make it longer (--duration)',
    );
  }
  return notes;
}

function hasThroughput(saturated: readonly SaturatedReport[]): boolean {
  return saturated.some((report) => report.windowRecords > 0);
}

function throughputOf(saturated: readonly SaturatedReport[] | null): TrialResult['throughput'] {
  if (saturated === null || !hasThroughput(saturated))
    return { recordsPerSecond: null, megabytesPerSecond: null, wireBytesPerSecond: null };
  const perSecond = (figure: (report: SaturatedReport) => number): number =>
    sumOf(saturated, (report) => (figure(report) * 1e9) / report.windowNs);
  return {
    recordsPerSecond: perSecond((report) => report.windowRecords),
    megabytesPerSecond: perSecond((report) => report.windowRecordBytes) / 1e6,
    wireBytesPerSecond: perSecond((report) => report.windowWireBytes),
  };
}

function batchesOf(phase: readonly PhaseReport[]): TrialResult['batches'] {
  const count = sumOf(phase, (report) => report.work.batches);
  const requests = sumOf(phase, (report) => report.work.requests);
  const compressed = sumOf(phase, (report) => report.work.compressedBytes);
  const uncompressed = sumOf(phase, (report) => report.work.uncompressedBytes);
  const records = sumOf(phase, (report) => report.work.records);
  return {
    count,
    meanRecords: count === 0 ? null : records / count,
    meanBytes: count === 0 ? null : compressed / count,
    requests,
    requestsPerRecord: records === 0 ? null : requests / records,
    compressionRatio: uncompressed === 0 ? null : compressed / uncompressed,
  };
}

function deliveryOf(generators: readonly GeneratorReport[]): { retries: number; throttleTimeMs: number } {
  return {
    retries: sumOf(generators, (report) => report.retries),
    throttleTimeMs: sumOf(generators, (report) => report.throttleTimeMs),
  };
}

/** Histograms of the generators are merged; percentiles are taken from the merged one. */
export function mergeHistograms(encoded: readonly Uint8Array[]): LatencyHistogram {
  const merged = new LatencyHistogram();
  for (const bytes of encoded) {
    const one = LatencyHistogram.fromBytes(bytes);
    merged.add(one);
    one.destroy();
  }
  return merged;
}

function mergedLatency(phase: readonly PhaseReport[], spec: TrialSpec): TrialResult['latencyMs'] {
  const merged = mergeHistograms(phase.map((report) => report.latency));
  const requests = sumOf(phase, (report) => report.work.requests);
  const records = sumOf(phase, (report) => report.work.records);
  const recordsPerRequest = spec.workload.send === 'sync' || requests === 0 ? 1 : records / requests;
  const figures = latencyFigures(merged, { recordsPerRequest });
  merged.destroy();
  return figures;
}

function sendDelayOf(measured: Measurements): TrialResult['sendDelayMs'] {
  if (measured.paced === null) return null;
  const merged = mergeHistograms(measured.paced.map((report) => report.sendDelay));
  const { mean, p99, max } = latencyFigures(merged);
  merged.destroy();
  return mean === null || p99 === null || max === null ? null : { mean, p99, max };
}

function burstOf(phase: readonly PhaseReport[]): TrialResult['burst'] {
  const count = sumOf(phase, (report) => report.bursts.count);
  if (count === 0) return null;
  const max = phase.reduce((most, report) => Math.max(most, report.bursts.max), 0);
  return { mean: sumOf(phase, (report) => report.bursts.records) / count, max };
}

function durationOf(measured: Measurements, spec: TrialSpec): number {
  const saturatedNs = measured.saturated?.[0]?.windowNs ?? 0;
  return saturatedNs / 1e9 + (measured.paced === null ? 0 : spec.load.pacedMs / 1000);
}

function perRecord(phase: readonly PhaseReport[], figure: (report: PhaseReport) => number): number | null {
  const records = sumOf(phase, (report) => report.work.records);
  return records === 0 ? null : sumOf(phase, figure) / records;
}

/** Intervals of all generators, in order, since the start of the measured phases. */
export function latencyIntervals(measured: Measurements): LatencyInterval[] {
  const phase = measured.paced ?? measured.saturated ?? [];
  return phase
    .flatMap((report) => report.intervals)
    .map(({ startNs, endNs, bytes }) => ({
      startSeconds: Math.max(0, startNs - measured.startNs) / 1e9,
      lengthSeconds: (endNs - startNs) / 1e9,
      bytes,
    }))
    .sort((a, b) => a.startSeconds - b.startSeconds);
}
