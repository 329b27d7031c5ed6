// `node scripts/with-node.mjs ARGS`: sets the project up when needed, then runs the pinned Node with ARGS
// and passes on its exit code. Every npm script goes through here, so that any host Node will do.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedNode, setUp } from './setup.mjs';

setUp();
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...rest] = process.argv.slice(2);
const command = script?.endsWith('.ts') ? [join(root, script), ...rest] : process.argv.slice(2);
const child = spawn(pinnedNode, command, {
  stdio: 'inherit',
  // npm goes to the project's root; paths that a user gives are meant from where the user is.
  cwd: script === 'bench/main.ts' ? (process.env.INIT_CWD ?? process.cwd()) : root,
  env: { ...process.env, PATH: `${dirname(pinnedNode)}${delimiter}${process.env.PATH ?? ''}` },
});
// A terminal's Ctrl-C reaches the child by itself; a signal sent to this process alone is handed on.
process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`tidemark: the pinned Node cannot run: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
