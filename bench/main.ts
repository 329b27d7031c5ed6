#!/usr/bin/env node
import { runCli } from './cli.ts';
import type { CliIo, TextOutput } from './commands/cli-io.ts';
import { EXIT } from './exit-codes.ts';

const DEFAULT_COLUMNS = 120;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What kept results from stdout, as a full disk does. */
let lostOutput: NodeJS.ErrnoException | null = null;

const writeResult = process.stdout.write.bind(process.stdout);
// What the user's partitioners and interceptors print, in worker threads too, is no part of a result. True: a pipe would
// wait for stdout to drain.
process.stdout.write = ((...given: Parameters<typeof process.stderr.write>) => {
  process.stderr.write(...given);
  return true;
}) as typeof process.stdout.write;

/** 0 where nothing of use is asked. */
function columnsAsked(text = ''): number {
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
}

function outputTo(stream: NodeJS.WriteStream, write: typeof writeResult): TextOutput {
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      // 0 is a terminal that does not know. COLUMNS speaks for a pipe or a file, as it does to other tools.
      return stream.columns || columnsAsked(process.env['COLUMNS']) || DEFAULT_COLUMNS;
    },
    write: (text) => {
      write(text, (error?: NodeJS.ErrnoException | null) => {
        // A reader that went away (`| head`) is no failure of ours.
        const isLost = stream === process.stdout && error && error.code !== 'EPIPE';
        if (isLost) lostOutput ??= error;
      });
    },
  };
}

const io: CliIo = {
  stdout: outputTo(process.stdout, writeResult),
  stderr: outputTo(process.stderr, process.stderr.write.bind(process.stderr)),
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
writeResult('', () => {
  if (lostOutput !== null) io.stderr.write(`tidemark: stdout cannot be written: ${lostOutput.message}\n`);
  const exitCode = lostOutput !== null && code === EXIT.ok ? EXIT.failed : code;
  process.stderr.write('', () => process.exit(exitCode));
});
