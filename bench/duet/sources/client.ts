import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nearestName } from '../../../core/base/nearest-name.ts';
import { usageError } from '../../cli-error.ts';
import { PACKAGE_ROOT } from '../../package-root.ts';
import { nameOf } from './directory.ts';
import { runningTidemark } from './properties.ts';
import { NOTHING_TO_RELEASE, type PreparedSide, type SourceOptions } from './source-options.ts';

const DRIVERS = join(PACKAGE_ROOT, 'docs', 'examples', 'drivers');
/** Libraries that have a driver here; null: ourselves. */
const CLIENTS: Readonly<Record<string, string | null>> = {
  tidemark: null,
  kafkajs: 'kafkajs.ts',
  '@platformatic/kafka': 'platformatic.ts',
};

/** `client:kafkajs`: the library as the user's project has it installed, under the driver that ships with Tidemark. */
export async function prepareClient(text: string, options: SourceOptions): Promise<PreparedSide> {
  const { workingDirectory, role, driver: given } = options;
  if (given !== undefined) {
    throw usageError(`--${role} ${text} has a driver of its own: leave --driver out, or name a directory`);
  }
  const library = text.slice('client:'.length);
  const file = Object.hasOwn(CLIENTS, library) ? CLIENTS[library]! : undefined;
  if (file === undefined) throw unknownClient(text, library);
  if (file === null) {
    const { driver, name } = runningTidemark(workingDirectory);
    return { label: text, description: name, driver, properties: {}, release: NOTHING_TO_RELEASE };
  }
  const installed = findInstalled(library, workingDirectory);
  if (installed === null) {
    throw usageError(`${text}: ${library} is not installed in ${workingDirectory}: npm install ${library}`);
  }
  return {
    label: text,
    description: nameOf(installed),
    // Its libraries are looked up from the directory (driver-host.ts).
    driver: { kind: 'module', directory: workingDirectory, path: join(DRIVERS, file) },
    properties: {},
    release: NOTHING_TO_RELEASE,
  };
}

function unknownClient(text: string, library: string): Error {
  const names = Object.keys(CLIENTS);
  const near = nearestName(library, names);
  const hint = near === null ? '' : `; did you mean client:${near}?`;
  return usageError(
    `${text}: there is no driver for it here, only for ${names.join(', ')}${hint}`,
    'Any other client needs a driver of yours: --driver FILE (docs/drivers.md).',
  );
}

function findInstalled(library: string, from: string): string | null {
  for (let directory = from; ; directory = dirname(directory)) {
    const found = join(directory, 'node_modules', library);
    if (existsSync(join(found, 'package.json'))) return found;
    if (directory === dirname(directory)) return null;
  }
}
