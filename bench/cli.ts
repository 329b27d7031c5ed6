import { Command, CommanderError } from 'commander';
import { withoutControls } from '../reports/terminal/without-controls.ts';
import { CliError, reasonOf } from './cli-error.ts';
import type { CliIo } from './commands/cli-io.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { packageVersion } from './package-root.ts';

interface CommandModule {
  createCommand(io: CliIo, argv: readonly string[], done: (code: ExitCode) => void): Command;
}

/** Each command is loaded only when it is the one asked for: --help must not wait for the rest. */
const COMMANDS: Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<CommandModule> }>
> = {
  run: {
    summary: 'measure what producer settings cost and buy, by a suite (default: quick)',
    load: () => import('./commands/run.ts'),
  },
  partitioners: {
    summary: 'where your keys land under each partitioner, without a cluster',
    load: () => import('./commands/partitioners.ts'),
  },
  compare: {
    summary: 'compare two runs, or two things to run now, with intervals, p and n',
    load: () => import('./commands/compare.ts'),
  },
  check: {
    summary: 'did this change make it slower? the gate for CI',
    load: () => import('./commands/check.ts'),
  },
  history: {
    summary: 'since which commit is it slower: change points in the checks kept in git',
    load: () => import('./commands/history.ts'),
  },
  report: {
    summary: 'make every report of a run again, from its result alone; formats for other tools',
    load: () => import('./commands/report.ts'),
  },
  perf: {
    summary: "kafka-producer-perf-test's flags and lines, with this producer",
    load: () => import('./commands/perf.ts'),
  },
  broker: {
    summary: 'run the embedded cluster alone, for any Kafka client',
    load: () => import('./commands/broker.ts'),
  },
  micro: { summary: 'micro-benchmarks of the hot pieces', load: () => import('./commands/micro.ts') },
  list: {
    summary: 'suites, partitioners, codecs and producer properties',
    load: () => import('./commands/list.ts'),
  },
};

const EXAMPLES = `
Without a command, the suite quick is run.

Examples:
  $ tidemark
  $ tidemark run quick --set linger.ms=0,5,50
  $ tidemark run quick --bootstrap-server kafka-1:9092
  $ tidemark partitioners --keys keys.txt --partitions 12,16
  $ tidemark check --base git:main --candidate .
  $ tidemark broker --brokers 3 --port 9092
  $ tidemark run --help`;

const STANDING_OPTIONS = new Set(['-h', '--help', '-V', '--version']);

/** Runs one command line (without node and script) and returns the exit code; says everything on the streams of `io`. */
export async function runCli(given: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const argv = withCommand(given);
  const program = await createProgram(io, argv, (finished) => {
    code = finished;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.unknownCommand') await suggestSuite(argv[0]!, io);
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
    return tellError(error, io);
  }
}

/** `tidemark` alone and `tidemark --set ...` run the main job. */
function withCommand(given: readonly string[]): readonly string[] {
  const [first] = given;
  if (first === undefined) return ['run', 'quick'];
  return first.startsWith('-') && !STANDING_OPTIONS.has(first) ? ['run', ...given] : given;
}

async function createProgram(
  io: CliIo,
  argv: readonly string[],
  done: (code: ExitCode) => void,
): Promise<Command> {
  const program = new Command('tidemark')
    .description('Measures, tunes and guards Kafka producers.')
    .version(packageVersion())
    .addHelpText('after', EXAMPLES);
  const asked = argv[0] === 'help' ? argv[1] : argv[0];
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    if (name === asked) program.addCommand((await load()).createCommand(io, argv, done).summary(summary));
    else program.command(name).summary(summary);
  }
  const commands = [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)];
  for (const command of commands) {
    command
      .exitOverride()
      .showHelpAfterError('(--help shows what there is)')
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        // What follows an unknown --option= may be a secret.
        writeErr: (text) => io.stderr.write(clean(text.replace(/(unknown option '[^=']+)=[^\n]*'/, "$1'"))),
        getOutHelpWidth: () => io.stdout.columns,
        getErrHelpWidth: () => io.stderr.columns,
      });
  }
  return program;
}

/** `tidemark quick` is what `tidemark run quick` was meant to be. */
async function suggestSuite(word: string, io: CliIo): Promise<void> {
  const { shippedSuiteNames } = await import('./suite/find-suite.ts');
  if (shippedSuiteNames().includes(word) || /\.ya?ml$/.test(word)) {
    io.stderr.write(`(Did you mean run ${word}?)\n`);
  }
}

function tellError(error: unknown, io: CliIo): ExitCode {
  const isKnown = error instanceof CliError;
  for (const line of clean(reasonOf(error)).split('\n')) io.stderr.write(`tidemark: ${line}\n`);
  if (!isKnown && error instanceof Error && (io.env['TIDEMARK_DEBUG'] ?? '') !== '') {
    io.stderr.write(`${error.stack}\n`);
  }
  return isKnown ? error.exitCode : EXIT.failed;
}

/** Names, modules and servers are repeated in errors: their escape sequences are not. */
function clean(text: string): string {
  return text.split('\n').map(withoutControls).join('\n');
}
