#!/usr/bin/env node
import { runCli } from './cli.ts';
import type { CliIo, TextOutput } from './commands/cli-io.ts';

const DEFAULT_COLUMNS = 120;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function outputTo(stream: NodeJS.WriteStream): TextOutput {
  // A reader that went away (`| head`) is no failure of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns ?? DEFAULT_COLUMNS;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

const io: CliIo = {
  stdout: outputTo(process.stdout),
  stderr: outputTo(process.stderr),
  env: process.env,
  workingDirectory: process.cwd(),
  onInterrupt: (callback) => {
    for (const signal of SIGNALS) process.on(signal, callback);
    return () => {
      for (const signal of SIGNALS) process.off(signal, callback);
    };
  },
  exitNow: (code) => process.exit(code),
};

const code = await runCli(process.argv.slice(2), io);
process.exitCode = code;
// What was printed goes out whole; what is still open after that does not keep us.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
