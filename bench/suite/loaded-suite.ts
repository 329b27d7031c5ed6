import type { SuiteLocation } from './find-suite.ts';
import type { Suite } from './suite-schema.ts';
import type { YamlPath } from './yaml-source.ts';

/** A suite that was read and is whole, from a file of our own or of another tool. */
export interface LoadedSuite {
  readonly location: SuiteLocation;
  readonly suite: Suite;
  /** What a file of another tool asks for and does not get. */
  readonly notes?: readonly string[];
  /** `file:line` of what stands at a path of the file, for messages. */
  placeOf(path: YamlPath): string;
}
