import { usageError } from '../cli-error.ts';
import type { SuiteLocation } from '../suite/find-suite.ts';
import type { LoadedSuite } from '../suite/loaded-suite.ts';
import { problemOfIssue } from '../suite/suite-problems.ts';
import type { YamlPath, YamlSource } from '../suite/yaml-source.ts';
import { isOmbDriver, isOmbWorkload, ombWorkloadSchema } from './omb-schema.ts';
import { ombSuite } from './omb-workload.ts';

/** A workload file of OpenMessaging Benchmark as a suite; null for any other file. Exit 2 with all that is wrong. */
export function loadOmbWorkload(
  location: SuiteLocation,
  source: YamlSource,
  input: unknown,
): LoadedSuite | null {
  const { shownAs } = location;
  if (isOmbDriver(input)) {
    throw usageError(
      `${shownAs}:${source.lineOf(['driverClass'])}: a driver file of OpenMessaging Benchmark says nothing of the load: run a workload file, and give its producerConfig with --omb-driver ${shownAs}`,
    );
  }
  if (!isOmbWorkload(input)) return null;
  const placeOf = (path: YamlPath): string => `${shownAs}:${source.lineOf(path)}`;
  const parsed = ombWorkloadSchema.safeParse(input);
  if (!parsed.success) {
    throw usageError(
      ...parsed.error.issues.map((issue) => {
        const { path, message } = problemOfIssue(issue, input);
        return `${placeOf(path)}: ${path.join('.')}: ${message}`;
      }),
    );
  }
  const { suite, notes, problems } = ombSuite(parsed.data, location.path);
  if (problems.length > 0) {
    throw usageError(...problems.map(({ key, message }) => `${placeOf([key])}: ${key}: ${message}`));
  }
  return { location, suite, placeOf: (path) => placeOf(ombPath(path)), notes };
}

/** Where the workload says what stands at a path of the suite. */
function ombPath(path: YamlPath): YamlPath {
  const [first = '', second = ''] = path;
  switch (`${first}.${second}`) {
    case 'load.pace':
      return ['producerRate'];
    case 'topic.partitions':
      return ['partitionsPerTopic'];
    default:
      return first === 'payload' ? ['messageSize'] : [];
  }
}
