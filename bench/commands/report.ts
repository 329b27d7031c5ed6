import { resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
Example:
  $ tidemark report runs/quick-20260101-120000`;

/** `tidemark report DIR`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  return new Command('report')
    .description('make every report of a run again, from its result alone')
    .argument('<dir>', 'a run directory')
    .option('--no-color', 'no colors (also when NO_COLOR is set)')
    .addHelpText('after', EXAMPLES)
    .action(async (directory: string, options: { color: boolean }) => {
      const { renderAgain } = await import('../run/written-reports.ts');
      const path = resolve(io.workingDirectory, directory);
      const color = io.stdout.isTerminal && options.color && (io.env['NO_COLOR'] ?? '') === '';
      const text = await renderAgain(path, { color, columns: io.stdout.columns });
      io.stdout.write(`${text}\nReports written: ${directory}\n`);
      done(EXIT.ok);
    });
}
