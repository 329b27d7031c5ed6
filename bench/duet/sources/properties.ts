import { basename } from 'node:path';
import { HIDDEN } from '../../../core/base/secret.ts';
import { parseProducerConfig } from '../../../core/producer/config/config.ts';
import { isShowable } from '../../../core/producer/config/options.ts';
import { usageError } from '../../cli-error.ts';
import { parseKeyValue } from '../../option-values.ts';
import { PACKAGE_ROOT, packageVersion } from '../../package-root.ts';
import { readPropertiesFile } from '../../read-properties-file.ts';
import type { DriverSource } from '../side.ts';
import { chooseDriver, tidemarkDriver } from './choose-driver.ts';
import { readManifest } from './read-manifest.ts';
import { NOTHING_TO_RELEASE, type PreparedSide, type SourceOptions } from './source-options.ts';

/** A comma before the next name=; values may hold commas, and within double quotes whatever they like. */
const NEXT_PROPERTY = /,(?=\s*[a-z][\w-]*(?:\.[\w-]+)*\s*=)(?=(?:[^"]*"[^"]*")*[^"]*$)/;

/**
 * `linger.ms=0,acks=1`, or a .properties file: the working directory's driver where it names one, or else the running
 * Tidemark, with these properties. Exit 2 with everything that is wrong with them; values that may be secrets are not repeated.
 */
export async function prepareProperties(text: string, options: SourceOptions): Promise<PreparedSide> {
  const isFile = text.endsWith('.properties');
  const properties = isFile ? readFile(text, options) : readList(text);
  if (properties['bootstrap.servers'] !== undefined) {
    throw usageError(
      `--${options.role}: bootstrap.servers is the same for both sides: give --bootstrap-server`,
    );
  }
  const shown = describe(properties);
  const label = isFile ? basename(text) : shown;
  const { driver, name } = driverOf(label, options);
  if (driver.kind === 'tidemark') check(properties, label);
  const description = shown === '' ? name : `${name} with ${shown}`;
  return { label, description, driver, properties, release: NOTHING_TO_RELEASE };
}

function readList(text: string): Record<string, string> {
  const pairs = text.split(NEXT_PROPERTY).map((part) => {
    try {
      return parseKeyValue(part);
    } catch (error) {
      throw usageError(`properties: ${(error as Error).message}`);
    }
  });
  const names = pairs.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`properties: ${twice} is given twice`);
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}

function readFile(text: string, { role, workingDirectory, onNote }: SourceOptions): Record<string, string> {
  const { properties, notes } = readPropertiesFile(`--${role}`, text, workingDirectory);
  for (const note of notes) onNote(note);
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]));
}

function describe(properties: Readonly<Record<string, string>>): string {
  const shown = ([name, value]: [string, string]): string => `${name}=${isShowable(name) ? value : HIDDEN}`;
  return Object.entries(properties).map(shown).join(',');
}

function check(properties: Readonly<Record<string, string>>, label: string): void {
  // What must be set for a producer to run at all is not the user's to give here.
  const { problems } = parseProducerConfig(properties);
  if (problems.length > 0) throw usageError(...problems.map(({ message }) => `${label}: ${message}`));
}

interface ChosenDriver {
  readonly driver: DriverSource;
  readonly name: string;
}

function driverOf(label: string, { workingDirectory, driver }: SourceOptions): ChosenDriver {
  const given = driver ?? readManifest(workingDirectory).driver;
  if (given === null) return runningTidemark(workingDirectory);
  return { driver: chooseDriver(workingDirectory, label, driver), name: given };
}

/** Relative paths among its properties are meant from where the user is. */
export function runningTidemark(workingDirectory: string): ChosenDriver {
  const { entry } = tidemarkDriver(PACKAGE_ROOT, 'the running Tidemark');
  return {
    driver: { kind: 'tidemark', directory: workingDirectory, entry },
    name: `tidemark ${packageVersion()}`,
  };
}
