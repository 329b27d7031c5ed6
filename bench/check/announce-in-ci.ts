import { appendFileSync } from 'node:fs';
import { annotations, noVerdictAnnotation } from '../../reports/check/annotations.ts';
import type { CheckResult } from '../../reports/check/check-result.ts';
import { jobSummary, noVerdictSummary } from '../../reports/check/job-summary.ts';
import { CliError, reasonOf } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { EXIT } from '../exit-codes.ts';

/**
 * Inside GitHub Actions: annotations. Where GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name files: the job summary and the
 * step's outputs (verdict, metric, change, low, high, sessions, detectable). Elsewhere nothing. What cannot be written is
 * told and changes no verdict.
 */
export function announceInCi(io: Pick<CliIo, 'env' | 'stderr'>, check: CheckResult): void {
  annotate(io, annotations(check));
  append(io, 'GITHUB_STEP_SUMMARY', `${jobSummary(check, { graph: 'text' })}\n`);
  append(io, 'GITHUB_OUTPUT', outputsText(check));
}

/** The same for a check that ended without a verdict, unless somebody stopped it: an annotation and a summary that say why. */
export function announceNoVerdictInCi(io: Pick<CliIo, 'env' | 'stderr'>, error: unknown): void {
  const isStopped = error instanceof CliError && error.exitCode === EXIT.interrupted;
  if (isStopped) return;
  const reason = reasonOf(error);
  annotate(io, noVerdictAnnotation(reason));
  append(io, 'GITHUB_STEP_SUMMARY', `${noVerdictSummary(reason)}\n`);
}

/** On stderr, where annotations count as well: stdout may be JSON. */
function annotate({ env, stderr }: Pick<CliIo, 'env' | 'stderr'>, text: string): void {
  if (env['GITHUB_ACTIONS'] === 'true') stderr.write(text);
}

function outputsText(check: CheckResult): string {
  const { verdict, metric, change, low, high, sessions, detectable } = check;
  const outputs = { verdict, metric, change, low, high, sessions, detectable };
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function append({ env, stderr }: Pick<CliIo, 'env' | 'stderr'>, variable: string, text: string): void {
  const path = env[variable] ?? '';
  if (path === '') return;
  try {
    appendFileSync(path, text);
  } catch (error) {
    stderr.write(`tidemark: ${variable}: ${reasonOf(error)}\n`);
  }
}
