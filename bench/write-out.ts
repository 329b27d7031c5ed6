import { resolve } from 'node:path';
import { writeFileAtomically } from '../reports/atomic-file.ts';
import { CliError, reasonOf } from './cli-error.ts';
import type { CliIo } from './commands/cli-io.ts';
import { EXIT } from './exit-codes.ts';

/** No fault of the place that was named. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EIO']);

/** Writes what would be printed to the file that --out names, and says so. Exit 2 where it cannot be written to. */
export function writeOut(io: CliIo, out: string, text: string): void {
  try {
    writeFileAtomically(resolve(io.workingDirectory, out), text);
  } catch (error) {
    const { code = '' } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    const exitCode = NO_ROOM.has(code) ? EXIT.failed : EXIT.usage;
    throw new CliError(`--out ${out}: ${reasonOf(error)}`, exitCode, error);
  }
  io.stderr.write(`Written: ${out}\n`);
}
