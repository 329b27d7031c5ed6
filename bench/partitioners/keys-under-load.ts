import { resolve } from 'node:path';
import { SeededRandom } from '../../core/base/random.ts';
import type { LabResult } from '../../reports/lab/lab-result.ts';
import { createJsonEvents } from '../../workers/json-events.ts';
import type { KeySpec } from '../../workers/trial-spec.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import { fileSha256 } from '../file-sha256.ts';
import type { RunFlags } from '../sweep/run-flags.ts';
import { parseKeyDistribution } from './key-distribution.ts';
import { type LabOptions, labSettings } from './lab-options.ts';

/** The keys of the suite partitioners. */
const SUITE_KEYS = 'zipf:0.8:10000';
/** Events are of several sizes; these tell the mean. */
const EVENTS = 1000;

/** The keys that records have in a run; null: the suite's. Exit 2 for a file that cannot be read. */
export function keysUnderLoad(options: LabOptions, workingDirectory: string): KeySpec | null {
  const { keys, keyEncoding, keyDistribution } = options;
  if (keys !== undefined && keyDistribution === undefined) {
    if (keys === '-') {
      throw usageError(
        '--keys -: every trial reads the keys again, which the standard input cannot; save them to a file first',
      );
    }
    const path = resolve(workingDirectory, keys);
    return { kind: 'file', path, encoding: keyEncoding ?? 'utf8', sha256: sha256Of(path, keys) };
  }
  if (keyDistribution === undefined) return null;
  try {
    return parseKeyDistribution(keyDistribution);
  } catch (error) {
    throw usageError(`--key-distribution: ${reasonOf(error)}`);
  }
}

function sha256Of(path: string, shown: string): string {
  try {
    return fileSha256(path);
  } catch (error) {
    throw usageError(`--keys ${shown} cannot be read: ${reasonOf(error)}`);
  }
}

interface ToPlace {
  readonly options: LabOptions;
  readonly flags: RunFlags;
  readonly isGiven: (name: 'recordSize') => boolean;
  readonly workingDirectory: string;
}

/** Where the keys of a run land, by every strategy of the lab. Exit 2 for keys that are none. */
export async function placementUnderLoad(toPlace: ToPlace): Promise<LabResult> {
  const { options, isGiven, workingDirectory } = toPlace;
  const isKeyless = options.keys === undefined && options.keyDistribution === undefined;
  const settings = labSettings(
    {
      ...options,
      recordSize: isGiven('recordSize') ? options.recordSize : meanEventBytes(toPlace.flags.seed ?? 1),
      ...(isKeyless ? { keyDistribution: SUITE_KEYS } : {}),
    },
    workingDirectory,
  );
  const { runLab } = await import('./run-lab.ts');
  return runLab(settings);
}

/** Of the suite's payloads. */
function meanEventBytes(seed: number): number {
  const events = createJsonEvents(EVENTS, new SeededRandom(seed, 1));
  return Math.round(events.reduce((sum, { length }) => sum + length, 0) / events.length);
}
