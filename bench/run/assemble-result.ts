import { writeProperties } from '../../core/producer/config/write-properties.ts';
import { evaluateRunGates } from '../../reports/gates/evaluate-run-gates.ts';
import { parseGate } from '../../reports/gates/parse-gate.ts';
import { levelSummaries } from '../../reports/levels/level-summaries.ts';
import { RESULT_SCHEMA, type Result, type TrialResult } from '../../reports/result.ts';
import { histogramsInMemory } from '../../reports/trial-histograms.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { JournalEntry, JournalHeader } from './journal.ts';
import { precisionOf, trialsLeft } from './precision-rule.ts';
import { runWorkload } from './run-workload.ts';

export interface RunEnding {
  /** ISO 8601. */
  readonly finishedAt: string;
  /** What came up while running, beside the plan's own notes. */
  readonly notes: readonly string[];
}

/** The result of a run as far as its journal goes; trials stand in the order of the plan. */
export function assembleResult(
  header: JournalHeader,
  entries: readonly JournalEntry[],
  ending: RunEnding,
): Result {
  const { plan } = header;
  const byId = new Map(entries.map(({ result }) => [result.id, result]));
  const trials = plan.trials.flatMap(({ id }) => byId.get(id) ?? []);
  const precision = precisionOf({ header, entries });
  const result: Result = {
    schema: RESULT_SCHEMA,
    suite: plan.suite,
    published: plan.published,
    seed: plan.seed,
    startedAt: header.startedAt,
    finishedAt: ending.finishedAt,
    environment: header.environment,
    ...(header.project === undefined ? {} : { project: header.project }),
    command: header.command,
    design: plan.design,
    factors: plan.factors,
    base: plan.base,
    baseProperties: writeProperties(plan.base),
    baseSendForm: plan.baseSendForm,
    baseWorkload: plan.baseWorkload,
    workload: runWorkload(plan),
    notes: [...plan.notes, ...ending.notes],
    interrupted: trialsLeft({ header, entries }) > 0,
    ...(precision === null ? {} : { precision }),
    trials,
  };
  const source = histogramsInMemory(histogramsOf(entries));
  const summarized = { ...result, levels: levelSummaries(result, source) };
  const expressions = plan.gates ?? [];
  if (expressions.length === 0) return summarized;
  return { ...summarized, gates: evaluateRunGates(expressions.map(parseGate), result, source) };
}

/** Encoded latency histograms by trial id. */
export function histogramsOf(entries: readonly JournalEntry[]): Map<string, Uint8Array> {
  return new Map(
    entries.flatMap(({ result, histogram }) =>
      histogram === null ? [] : [[result.id, Buffer.from(histogram, 'base64')] as const],
    ),
  );
}

/** 3 when a trial failed or records went wrong, else 0. With acks=0 nobody promised that a record arrives. */
export function exitCodeOf(trials: readonly TrialResult[]): ExitCode {
  const isBad = ({ status, records, producer }: TrialResult): boolean =>
    status === 'failed' ||
    (String(producer['acks']) !== '0' && (records.lost ?? 0) > 0) ||
    [records.duplicated, records.reordered, records.corrupted].some((count) => (count ?? 0) > 0);
  return trials.some(isBad) ? EXIT.failed : EXIT.ok;
}
