import { resolve } from 'node:path';
import { isModulePath } from '../../core/producer/config/module-path.ts';
import { loadPartitioner, type Partitioner } from '../../core/producer/partitioners/partitioner-module.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { reasonOf, usageError } from '../cli-error.ts';

export interface ModuleToLoad {
  /** As given. */
  readonly path: string;
  readonly workingDirectory: string;
  /** How errors begin: `--partitioner ./mine.ts`. */
  readonly where: string;
  /** Each has the module to itself. */
  readonly instance?: string;
}

/** Loads a user's partitioner on this thread. Throws CliError (exit 2). */
export async function loadModule(module: ModuleToLoad): Promise<Partitioner> {
  const { path, workingDirectory, where, instance } = module;
  try {
    return await unlessEnded(() => loadPartitioner(resolve(workingDirectory, path), where, instance), where);
  } catch (error) {
    throw usageError(reasonOf(error));
  }
}

/** The partitioners of a run that are modules, loaded once before anything is started. Throws CliError (exit 2). */
export async function tryModules(
  trials: readonly Pick<TrialSpec, 'producer'>[],
  workingDirectory: string,
): Promise<void> {
  const names = new Set(trials.map(({ producer }) => producer['partitioner.class'] ?? ''));
  for (const path of names) {
    if (isModulePath(path)) await loadModule({ path, workingDirectory, where: `partitioner.class=${path}` });
  }
}

/**
 * An await at the top of a module that nothing ends leaves the process without work, and a script that was meant for
 * the command line may end it: either way without a word.
 */
async function unlessEnded<T>(load: () => Promise<T>, where: string): Promise<T> {
  const stuck = Promise.withResolvers<never>();
  const onIdle = (): void =>
    stuck.reject(new Error(`${where} cannot be loaded: nothing ends an await at its top level`));
  const { exit } = process;
  process.once('beforeExit', onIdle);
  process.exit = () => {
    throw new Error('it calls process.exit() when it is loaded');
  };
  try {
    return await Promise.race([load(), stuck.promise]);
  } finally {
    process.exit = exit;
    process.off('beforeExit', onIdle);
  }
}
