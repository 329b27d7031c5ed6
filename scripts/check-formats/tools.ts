import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Kept between runs: installing takes longer than all checks. */
const FOLDER = join(tmpdir(), 'tidemark-format-tools');
const INSTALL_LIMIT_MS = 180_000;
const RUN_LIMIT_MS = 60_000;

const PYTHON_PACKAGES = [
  'apache-otava==0.8.0',
  'junitparser==5.0.3',
  'xmlschema==4.3.2',
  'jsonschema==4.26.0',
  'markdown-it-py==4.0.0',
];
/** A version that Debian's Go can build. */
const BENCHSTAT = 'golang.org/x/perf/cmd/benchstat@v0.0.0-20230113213139-801c7ef9e5c5';

export interface ToolRun {
  readonly input?: string;
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What the tool printed on stdout. Throws with what it said where it fails, or is not there. */
export function runTool(command: string, words: readonly string[], run: ToolRun = {}): string {
  return execute(command, words, run, RUN_LIMIT_MS);
}

function execute(command: string, words: readonly string[], run: ToolRun, timeoutMs: number): string {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 2 ** 28,
    ...(run.input === undefined ? {} : { input: run.input }),
    ...(run.directory === undefined ? {} : { cwd: run.directory }),
    env: { ...process.env, ...run.env },
  });
  if (error !== undefined) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${`${stdout}${stderr}`.slice(-1500)}`);
  return stdout;
}

/** The directory with the programs of a Python environment that holds the tools. */
export function pythonTools(): string {
  const environment = join(FOLDER, 'python');
  const programs = join(environment, 'bin');
  if (!existsSync(join(programs, 'otava'))) {
    mkdirSync(FOLDER, { recursive: true });
    execute('python3', ['-m', 'venv', environment], {}, INSTALL_LIMIT_MS);
    execute(join(programs, 'pip'), ['install', '--quiet', ...PYTHON_PACKAGES], {}, INSTALL_LIMIT_MS);
  }
  return programs;
}

/** Go's benchstat, built from the module proxy. */
export function benchstatTool(): string {
  const program = join(FOLDER, 'go', 'benchstat');
  if (!existsSync(program)) {
    execute('go', ['install', BENCHSTAT], { env: { GOBIN: join(FOLDER, 'go') } }, INSTALL_LIMIT_MS);
  }
  return program;
}
