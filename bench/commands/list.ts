import { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
Examples:
  $ tidemark list
  $ tidemark list --json`;

/** `tidemark list`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  return new Command('list')
    .description('suites, partitioners, codecs and producer properties')
    .option('--json', 'print as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: { json?: true }) => {
      const { gatherCatalog, catalogText } = await import('../catalog.ts');
      const catalog = gatherCatalog();
      io.stdout.write(
        options.json ? `${JSON.stringify(catalog, null, 2)}\n` : catalogText(catalog, io.stdout.columns),
      );
      done(EXIT.ok);
    });
}
