import { Command } from 'commander';
import { usageError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Processing, parsePath, parseProcessing } from '../option-values.ts';
import { argument, count, repeatableSetting } from './arguments.ts';
import type { CliIo } from './cli-io.ts';

const EXAMPLES = `
Examples:
  $ tidemark broker
  $ tidemark broker --brokers 3 --port 9092
  $ tidemark broker --brokers 3 --processing 1=20ms
  $ tidemark broker --data ./data --partitions 12
  $ tidemark broker --host 0.0.0.0 --port 9092

The first line on stdout names the bootstrap servers. SIGTERM or SIGINT ends it cleanly.`;

interface BrokerCommandOptions {
  readonly brokers: number;
  readonly port: number;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly data?: string;
  readonly host: string;
  readonly processing?: readonly Processing[];
}

/** `tidemark broker`: `done` gets the exit code. */
export function createCommand(io: CliIo, _argv: readonly string[], done: (code: ExitCode) => void): Command {
  return new Command('broker')
    .description('run the embedded cluster alone, for any Kafka client')
    .option('--brokers <n>', 'brokers, each on a port of its own', count(1, 32), 1)
    .option(
      '--port <port>',
      'port of the first broker, the others take the following; 0: free ones',
      count(0, 65_535),
      0,
    )
    .option('--partitions <n>', 'of topics that are created by being used', count(1, 10_000), 3)
    .option('--replication-factor <n>', 'only 1: brokers do not replicate yet', count(1, 32_767), 1)
    .option('--data <dir>', 'keep the log in files there (default: in memory)', argument(parsePath))
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option(
      '--processing <id=time>',
      'how long that broker takes over each produce request before it answers: 1=20ms; brokers count from 1 (repeatable)',
      repeatableSetting('--processing', parseProcessing),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: BrokerCommandOptions) => done(await serve(io, options)));
}

async function serve(io: CliIo, options: BrokerCommandOptions): Promise<ExitCode> {
  if (options.replicationFactor !== 1) {
    throw usageError(
      `--replication-factor: the embedded cluster does not replicate yet, got ${options.replicationFactor}, expected 1`,
    );
  }
  const { startBrokers } = await import('../start-brokers.ts');
  const cluster = await startBrokers({
    ...options,
    processingMs: Object.fromEntries((options.processing ?? []).map(({ id, delayMs }) => [id, delayMs])),
    data: options.data ?? null,
    workingDirectory: io.workingDirectory,
  });
  const stopped = new Promise<void>((resolve) => {
    const stop = io.onInterrupt(() => {
      stop();
      resolve();
    });
  });
  // Scripts read this line: nothing may come before it.
  io.stdout.write(`${cluster.bootstrapServers}\n`);
  const where =
    options.data === undefined ? 'in memory, the newest 256 MiB of each partition' : `in ${options.data}`;
  io.stderr.write(
    `tidemark broker: ${options.brokers} ${options.brokers === 1 ? 'broker' : 'brokers'}, log ${where}${slowText(options)}; Ctrl-C ends it\n`,
  );
  await stopped;
  await cluster.close();
  return EXIT.ok;
}

function slowText({ processing = [] }: BrokerCommandOptions): string {
  return processing
    .map(({ id, delayMs }) => `; broker ${id} takes ${delayMs} ms over each produce request`)
    .join('');
}
