import { resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { HISTORY_FILE } from '../history/history-file.ts';
import { parsePath } from '../option-values.ts';
import { argument } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
Examples:
  $ tidemark check --base git:v1.2.0 --candidate . --history ${HISTORY_FILE}
  $ tidemark history
  $ tidemark history --branch main --out report
  $ tidemark history add --check check-20260101-120000

Two branches' files merge by themselves with this line in .gitattributes:
  ${HISTORY_FILE} merge=union`;

interface ShowOptions {
  readonly file: string;
  readonly branch?: string;
  readonly json?: true;
  readonly out?: string;
  readonly failOnChange?: true;
}

interface AddOptions {
  readonly file: string;
  readonly check: string;
  readonly scenario: string;
}

/** `tidemark history` and `tidemark history add`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  const command = new Command('history')
    .description('since which commit is it slower: change points in the checks kept in a file in git')
    .option('--file <file>', 'the history: a line of JSON per check', argument(parsePath), HISTORY_FILE)
    .option('--branch <name>', 'only the checks of one branch')
    .option('--json', 'print as JSON')
    .option(
      '--out <dir>',
      'also write history.html, history.md and history.json into a directory',
      argument(parsePath),
    )
    .option('--fail-on-change', 'exit 99 when the latest change of a series is for the worse')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ShowOptions) => {
      const { showHistory } = await import('../history/show-history.ts');
      const out = options.out === undefined ? null : resolve(io.workingDirectory, options.out);
      done(
        showHistory(io, {
          file: options.file,
          branch: options.branch ?? null,
          isJson: options.json === true,
          outDirectory: out,
          failOnChange: options.failOnChange === true,
        }),
      );
    });
  command
    .command('add')
    .description('add a check that was made before')
    .requiredOption('--check <path>', 'its directory, or its check.json', argument(parsePath))
    .option('--file <file>', 'the history to add it to', argument(parsePath), HISTORY_FILE)
    .option('--scenario <name>', 'your name for what is measured: each has a series of its own', 'default')
    .action(async (options: AddOptions) => {
      const { addCheck } = await import('../history/add-check.ts');
      // Of two commands that know --file commander gives it to the outer one, wherever it stands.
      const file =
        command.getOptionValueSource('file') === 'cli' ? command.opts<ShowOptions>().file : options.file;
      addCheck(io, { ...options, file });
      done(EXIT.ok);
    });
  return command;
}
