import { resolve } from 'node:path';
import { TidemarkError } from '../../core/base/errors.ts';
import { shellQuoted } from '../../core/base/shell-quoted.ts';
import { compareRuns, type StoredRun } from '../../reports/compare/compare-runs.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { runDifferences } from '../../reports/compare/run-differences.ts';
import { brokersText } from '../../reports/number-text.ts';
import type { Result } from '../../reports/result.ts';
import { readResult } from '../../reports/result-schema.ts';
import { histogramsInDirectory } from '../../reports/trial-histograms.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import { type CliIo, commandName } from '../commands/cli-io.ts';

export interface StoredComparison {
  readonly comparison: Comparison;
  /** What was compared, for people. */
  readonly heading: readonly string[];
  readonly candidate: Result;
}

/**
 * Compares two run directories. Exit 2 for what is no whole run, all of it at once, and for runs that did not do the same
 * under the same conditions, unless that is forced: then their differences become notes.
 */
export function compareStored(
  io: CliIo,
  directories: readonly [base: string, candidate: string],
  isForced: boolean,
): StoredComparison {
  const runs = directories.map((directory) => readRun(io, directory));
  const problems = runs.flatMap((run) => ('problem' in run ? [run.problem] : []));
  if (problems.length > 0) throw usageError(...new Set(problems));
  const [base, candidate] = runs as [StoredRun, StoredRun];
  const { refused, notes } = runDifferences(base.result, candidate.result);
  if (refused.length > 0 && !isForced) {
    throw usageError(
      `${base.label} and ${candidate.label} differ in more than what is compared:`,
      ...refused.map((line) => `  ${line}`),
      '--force compares them all the same, and says so',
    );
  }
  const forced = refused.map((line) => `compared by force although they differ in ${line}`);
  const comparison = compareRuns(base, candidate, [...forced, ...notes]);
  if (comparison.rows.length === 0) {
    throw usageError(
      `${base.label} and ${candidate.label} have no figure in common`,
      ...comparison.notes.map((note) => `  ${note}`),
    );
  }
  return { comparison, heading: headingOf(base, candidate, refused.length > 0), candidate: candidate.result };
}

function readRun(io: CliIo, directory: string): StoredRun | { readonly problem: string } {
  const path = resolve(io.workingDirectory, directory);
  let result: Result;
  try {
    result = readResult(path);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { problem: reasonOf(error) };
  }
  if (result.interrupted) {
    const again = `${commandName(io.env)} run --resume ${shellQuoted(directory)}`;
    return {
      problem: `${directory} is not complete: it was cut off after ${result.trials.length} trials; finish it with ${again}`,
    };
  }
  return { label: directory, result, histograms: histogramsInDirectory(path) };
}

function headingOf(base: StoredRun, candidate: StoredRun, isForced: boolean): string[] {
  const lines = [`base:       ${sideText(base)}`, `candidate:  ${sideText(candidate)}`];
  if (isForced) return lines;
  const { environment, trials } = base.result;
  const trial = trials[0];
  const target =
    trial === undefined
      ? ''
      : `, ${trial.target.kind === 'embedded' ? 'embedded cluster' : 'Kafka'} of ${brokersText(trial.target.brokers)}, ${trial.topic.partitions} partitions`;
  return [
    ...lines,
    `both:       ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}, ${environment.os}${target}`,
  ];
}

function sideText({ label, result }: StoredRun): string {
  const day = result.startedAt.slice(0, 16).replace('T', ' ');
  const commit = result.project?.commit?.slice(0, 12);
  const at = commit === undefined ? '' : `, commit ${commit}`;
  return `${label} (${result.suite}, ${day} UTC, ${result.trials.length} trials, tidemark ${result.environment.tidemark}${at})`;
}
