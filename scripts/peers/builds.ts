import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, ProgramTimeoutError, runProgram } from './run-program.ts';

/** How a client can be started, or why it cannot. */
export type Readiness =
  | { readonly kind: 'ready'; readonly command: readonly string[] }
  /** The toolchain is not on this machine. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** The toolchain is there and did not build it. */
  | { readonly kind: 'failed'; readonly reason: string };

interface Build {
  readonly name: string;
  /** Prints the toolchain's version. */
  readonly versionCommand: readonly [string, ...string[]];
  readonly install: string;
  /** Relative to this folder. */
  readonly sources: readonly string[];
  /** Builds into `directory`, which is `artifact`'s home. */
  readonly commands: (directory: string) => readonly (readonly string[])[];
  readonly artifact: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Copied into the directory when the commands are done. */
  readonly copy?: string;
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function cacheDirectory(): string {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  return join(given.startsWith('/') ? given : join(homedir(), '.cache'), 'tidemark', 'peers');
}

/**
 * Builds into the user's cache, in a directory named by what the sources and the toolchain's version are, unless it
 * is there already. A build that is broken off leaves nothing that would be taken for a whole one.
 */
async function build(
  what: Build,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Readiness & { artifact?: string }> {
  const [tool, ...versionArgs] = what.versionCommand;
  const asked = spawnSync(tool, versionArgs, { encoding: 'utf8' });
  if (asked.status !== 0) return { kind: 'absent', reason: `there is no ${tool} in PATH. ${what.install}` };
  const hash = createHash('sha256').update(asked.stdout);
  for (const source of what.sources) hash.update(readFileSync(here(source)));
  const home = join(cacheDirectory(), `${what.name}-${hash.digest('hex').slice(0, 16)}`);
  const artifact = join(home, what.artifact);
  if (existsSync(artifact)) return { kind: 'ready', command: [artifact], artifact };
  mkdirSync(cacheDirectory(), { recursive: true });
  const temporary = mkdtempSync(join(cacheDirectory(), 'building-'));
  try {
    const env = { ...process.env, ...what.env };
    for (const command of what.commands(temporary)) {
      const { code, stderr } = await runProgram(command, { timeoutMs, env, signal });
      if (code !== 0) {
        const said = lastLines(stderr, 12);
        return { kind: 'failed', reason: `${command.slice(0, 2).join(' ')} ended with ${code}:\n${said}` };
      }
    }
    if (what.copy !== undefined) copyFileSync(what.copy, join(temporary, what.artifact));
    rmSync(home, { recursive: true, force: true });
    renameSync(temporary, home);
    return { kind: 'ready', command: [artifact], artifact };
  } catch (error) {
    if (error instanceof ProgramTimeoutError) return { kind: 'failed', reason: error.message };
    throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

export function buildFranzGo(timeoutMs: number, signal?: AbortSignal): Promise<Readiness> {
  return build(
    {
      name: 'franz-go',
      versionCommand: ['go', 'version'],
      install: 'Install Go (https://go.dev/dl).',
      sources: ['franz-go/main.go', 'franz-go/go.mod', 'franz-go/go.sum'],
      commands: (directory) => [
        ['go', 'build', '-C', here('franz-go'), '-mod=readonly', '-o', join(directory, 'driver'), '.'],
      ],
      artifact: 'driver',
    },
    timeoutMs,
    signal,
  );
}

export function buildLibrdkafka(timeoutMs: number, signal?: AbortSignal): Promise<Readiness> {
  const target = join(cacheDirectory(), 'librdkafka-target');
  return build(
    {
      name: 'librdkafka',
      versionCommand: ['cargo', '--version'],
      install: 'Install Rust (https://rustup.rs) and a C compiler.',
      sources: ['librdkafka/src/main.rs', 'librdkafka/Cargo.toml', 'librdkafka/Cargo.lock'],
      commands: () => [
        ['cargo', 'build', '--release', '--locked', '--manifest-path', here('librdkafka/Cargo.toml')],
      ],
      env: { CARGO_TARGET_DIR: target },
      copy: join(target, 'release', 'tidemark-peer-librdkafka'),
      artifact: 'driver',
    },
    timeoutMs,
    signal,
  );
}

/** `libDirectory` holds Kafka's jars, `java` runs them. */
export async function compileJava(
  { java, libDirectory }: { java: string; libDirectory: string },
  javaFlags: readonly string[],
  timeoutMs: number,
): Promise<Readiness> {
  const javac = java.replace(/java$/, 'javac');
  const source = 'java/TimedProducerPerformance.java';
  const built = await build(
    {
      name: 'java',
      versionCommand: [javac, '-version'],
      install: 'Install a JDK, 17 or later (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless).',
      sources: [source],
      commands: (directory) => [[javac, '-cp', join(libDirectory, '*'), '-d', directory, here(source)]],
      artifact: 'TimedProducerPerformance.class',
    },
    timeoutMs,
  );
  if (built.artifact === undefined) return built;
  const classes = built.artifact.slice(0, -'/TimedProducerPerformance.class'.length);
  const classPath = `${join(libDirectory, '*')}:${classes}`;
  return {
    kind: 'ready',
    command: [java, ...javaFlags, '-cp', classPath, 'TimedProducerPerformance'],
  };
}
