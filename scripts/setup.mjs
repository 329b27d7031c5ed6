// Sets the project up: installs what the lockfile says, once, and says nothing when nothing is to do.
// Plain JavaScript without dependencies, since it runs before anything is installed, on any Node from 20 on.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.tidemark-installed');
const lock = join(root, '.setup-lock');
const STALE_LOCK_MS = 10 * 60_000;

/** The runtime pinned by the `node` package: benchmarks compare only on one runtime. */
export const pinnedNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Installs when the lockfile differs from what was installed last. Ends the process with 1 when that fails. */
export function setUp() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (isInstalled(wanted)) return;
  takeLock(wanted);
  try {
    if (isInstalled(wanted)) return;
    process.stderr.write('tidemark: installing its packages (once) ...\n');
    const started = Date.now();
    install();
    writeFileSync(stamp, wanted);
    process.stderr.write(`tidemark: installed in ${Math.round((Date.now() - started) / 1000)} s\n`);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isInstalled(wanted) {
  return existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

// Two first starts at once must not install over each other: mkdir is atomic everywhere.
function takeLock(wanted) {
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write to ${root}: ${error.message}`);
    }
    if (isInstalled(wanted)) return;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > STALE_LOCK_MS || isHolderGone()) rmSync(lock, { recursive: true, force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  }
}

// An installation that was interrupted (Ctrl-C) leaves its lock: the next start must not wait for nobody.
function isHolderGone() {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')) || process.pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function install() {
  // The npm that runs us, else the one on the PATH. Its own settings (--silent, NODE_ENV) must not
  // leave packages out or hide why an installation failed.
  const npm = process.env.npm_execpath;
  const options = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...options], { cwd: root, encoding: 'utf8' })
    : spawnSync('npm', options, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.error) fail(`npm could not be started: ${result.error.message}. Install Node with npm.`);
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`);
    fail('npm ci failed (above). Check the network and the free disk space, then start again.');
  }
  if (!existsSync(pinnedNode)) {
    fail(
      'the pinned Node was not installed: npm must be allowed to run the install script of the `node` package.',
    );
  }
}

function fail(message) {
  rmSync(lock, { recursive: true, force: true });
  process.stderr.write(`tidemark: ${message}\n`);
  process.exit(1);
}
