import { CliError } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { shellCommand } from './choose-driver.ts';
import { runTool, type ToolRun } from './run-tool.ts';
import type { SourceOptions } from './source-options.ts';

/** Runs the build of a side in its directory. Exit 4, its last output shown, when it fails. */
export async function buildSide(
  label: string,
  { directory, build }: { readonly directory: string; readonly build: string },
  { onNote, signal }: SourceOptions,
): Promise<void> {
  onNote(`${label}: ${build}`);
  const run = await runTool({ command: shellCommand(build), directory, signal });
  if (!run.ok) throw notReady(label, `does not build: ${build} ended with ${run.how}`, run);
}

/** A side that cannot be made ready: no verdict about it is possible. */
export function notReady(label: string, what: string, { tail }: Pick<ToolRun, 'tail'>): CliError {
  return new CliError(`${label} ${what}\n${tail.shown()}`, EXIT.unreachable);
}
