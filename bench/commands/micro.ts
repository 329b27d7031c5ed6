import { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
Examples:
  $ tidemark micro
  $ tidemark micro partitioner --json`;

/** `tidemark micro [filter]`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  return new Command('micro')
    .description('micro-benchmarks of the hot pieces')
    .argument('[filter]', 'only those whose name holds this text')
    .option('--json', 'print figures as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (filter: string | undefined, options: { json?: true }) => {
      const { runMicro } = await import('../micro/run-micro.ts');
      const code = await runMicro({
        filter,
        json: options.json === true,
        write: (text) => io.stdout.write(text),
        writeError: (text) => io.stderr.write(text),
      });
      done(code as ExitCode);
    });
}
