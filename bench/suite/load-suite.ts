import { readFileSync, statSync } from 'node:fs';
import { reasonOf, usageError } from '../cli-error.ts';
import { loadOmbWorkload } from '../omb/load-omb-workload.ts';
import type { SuiteLocation } from './find-suite.ts';
import type { LoadedSuite } from './loaded-suite.ts';
import { propertyProblems } from './property-problems.ts';
import { suiteProblems } from './suite-problems.ts';
import { suiteSchema } from './suite-schema.ts';
import { type YamlPath, YamlSource } from './yaml-source.ts';

const MAX_SUITE_BYTES = 1_048_576;

/** Reads and validates a suite; everything wrong with it at once, each as `file:line: property: ...` (exit 2). */
export function loadSuite(location: SuiteLocation): LoadedSuite {
  const { shownAs } = location;
  const source = new YamlSource(readBounded(location));
  if (source.errors.length > 0) {
    throw usageError(...source.errors.map(({ line, message }) => `${shownAs}:${line}: ${message}`));
  }
  const input = plainValue(source, shownAs);
  const foreign = loadOmbWorkload(location, source, input);
  if (foreign !== null) return foreign;
  const parsed = suiteSchema.safeParse(input);
  const placeOf = (path: YamlPath): string => `${shownAs}:${source.lineOf(path)}`;
  if (!parsed.success) {
    const problems = [
      ...suiteProblems(parsed.error.issues, input).map(({ path, message }) => ({
        path,
        message: `${nameOfPath(path)}${message}`,
      })),
      // They name their property themselves.
      ...propertyProblems(input),
    ].sort((left, right) => source.lineOf(left.path) - source.lineOf(right.path));
    throw usageError(...problems.map(({ path, message }) => `${placeOf(path)}: ${message}`));
  }
  return { location, suite: parsed.data, placeOf };
}

function readBounded({ path, shownAs }: SuiteLocation): string {
  try {
    const { size } = statSync(path);
    if (size <= MAX_SUITE_BYTES) return readFileSync(path, 'utf8');
  } catch (error) {
    throw usageError(`suite file ${shownAs} cannot be read: ${reasonOf(error)}`);
  }
  throw usageError(`suite file ${shownAs} is larger than ${MAX_SUITE_BYTES} bytes: no suite needs that`);
}

function plainValue(source: YamlSource, shownAs: string): unknown {
  try {
    return source.value() ?? {};
  } catch (error) {
    throw usageError(`${shownAs}:1: ${reasonOf(error)}`);
  }
}

/** `factors.linger.ms[1]: `, or nothing for the file as a whole. */
function nameOfPath(path: YamlPath): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return name === '' ? '' : `${name.replace(/^\./, '')}: `;
}
