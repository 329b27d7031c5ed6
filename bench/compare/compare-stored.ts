import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TidemarkError } from '../../core/base/errors.ts';
import { shellQuoted } from '../../core/base/shell-quoted.ts';
import {
  compareRuns,
  figuresOf,
  missingReasons,
  type StoredRun,
} from '../../reports/compare/compare-runs.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { runDifferences } from '../../reports/compare/run-differences.ts';
import type { ComparedSides } from '../../reports/figures/figure-set.ts';
import { brokersText } from '../../reports/number-text.ts';
import type { Result } from '../../reports/result.ts';
import { JOURNAL_FILE, RESULT_FILE, readResult } from '../../reports/result-schema.ts';
import { histogramsInDirectory } from '../../reports/trial-histograms.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import { type CliIo, commandName } from '../commands/cli-io.ts';
import { kindOfDirectory } from '../formats/source-of-directory.ts';

export interface StoredComparison {
  readonly comparison: Comparison;
  /** What was compared, for people. */
  readonly heading: readonly string[];
  readonly candidate: Result;
  /** What the trials of both sides came to. */
  readonly sides: ComparedSides;
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
  const comparison = orUsageError(() => compareRuns(base, candidate, [...forced, ...notes]));
  if (comparison.rows.length === 0) {
    throw usageError(
      `${base.label} and ${candidate.label} have no figure in common`,
      ...missingReasons(base, candidate).map((reason) => `  ${reason}`),
    );
  }
  return {
    comparison,
    heading: headingOf(base, candidate, refused.length > 0),
    candidate: candidate.result,
    sides: { base: figuresOf(base), candidate: figuresOf(candidate) },
  };
}

/** A histogram that cannot be read is bad input, as a result is. */
function orUsageError<T>(compare: () => T): T {
  try {
    return compare();
  } catch (error) {
    throw error instanceof TidemarkError ? usageError(reasonOf(error)) : error;
  }
}

/** `given` is a run directory, or the result.json in it. */
function readRun(io: CliIo, given: string): StoredRun | { readonly problem: string } {
  const path = resolve(io.workingDirectory, given);
  const directory = path.endsWith('.json') ? dirname(path) : path;
  const shown = path.endsWith('.json') ? dirname(given) : given;
  const again = `finish it with ${commandName(io.env)} run --resume ${shellQuoted(shown)}`;
  let result: Result;
  try {
    result = readResult(path);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { problem: otherContent(directory, shown, again) ?? reasonOf(error) };
  }
  if (result.interrupted) {
    return {
      problem: `${given} is not complete: it was cut off after ${result.trials.length} trials; ${again}`,
    };
  }
  return { label: given, result, histograms: histogramsInDirectory(directory) };
}

/** What a directory without a result holds instead; null when it is nothing of ours. */
function otherContent(directory: string, shown: string, again: string): string | null {
  if (existsSync(join(directory, RESULT_FILE))) return null;
  const kind = kindOfDirectory(directory);
  if (kind !== 'run')
    return `${shown} holds a ${kind} and no run: tidemark compare takes two run directories`;
  if (!existsSync(join(directory, JOURNAL_FILE))) return null;
  return `${shown} is not complete: it was cut off before its result was written; ${again}`;
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
