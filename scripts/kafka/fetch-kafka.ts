import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KafkaUnavailableError } from './java-runtime.ts';

/** As pom.xml names it. */
export const KAFKA_VERSION = '4.1.0';

const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const FETCH_TIMEOUT_MS = 600_000;

export interface FetchedKafka {
  /** Holds every jar; the class path is this directory with `/*`. */
  readonly libDirectory: string;
  readonly version: string;
}

/**
 * Apache Kafka's jars in the user's cache, fetched by Maven when they are not there yet. A fetch that is broken off
 * leaves nothing that would be taken for a whole one. Throws KafkaUnavailableError.
 */
export async function fetchKafka(environment: NodeJS.ProcessEnv = process.env): Promise<FetchedKafka> {
  const libDirectory = join(cacheDirectory(environment), `kafka-${KAFKA_VERSION}`);
  if (!existsSync(libDirectory)) await fetchInto(libDirectory, environment);
  return { libDirectory, version: KAFKA_VERSION };
}

function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const given = environment['XDG_CACHE_HOME'] ?? '';
  // The specification of XDG: a relative path is to be ignored.
  return join(given.startsWith('/') ? given : join(homedir(), '.cache'), 'tidemark');
}

async function fetchInto(libDirectory: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const parent = dirname(libDirectory);
  await mkdir(parent, { recursive: true });
  const temporary = await mkdtemp(join(parent, 'fetching-'));
  try {
    console.error(`Fetching Apache Kafka ${KAFKA_VERSION} into ${libDirectory} (54 MB, once)`);
    await runMaven(['-q', '-B', '-f', POM, COPY_DEPENDENCIES, `-DoutputDirectory=${temporary}`], environment);
    await assertComplete(temporary);
    await rename(temporary, libDirectory).catch((error: unknown) => {
      // Another process fetched it meanwhile: what it has is as good.
      if (!existsSync(libDirectory)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function assertComplete(directory: string): Promise<void> {
  const jars = await readdir(directory);
  for (const wanted of [`kafka_2.13-${KAFKA_VERSION}.jar`, `kafka-tools-${KAFKA_VERSION}.jar`]) {
    if (!jars.includes(wanted)) throw new KafkaUnavailableError(`Maven fetched no ${wanted}`);
  }
}

function runMaven(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn('mvn', args, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: FETCH_TIMEOUT_MS,
  });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => out.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new KafkaUnavailableError(noMaven(error))));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const said = Buffer.concat(out).toString('utf8').trim().split('\n').slice(0, 10).join('\n');
      reject(
        new KafkaUnavailableError(
          `Maven could not fetch Apache Kafka ${KAFKA_VERSION} (it ended with ${code ?? signal}). Is there a network?\n${said}`,
        ),
      );
    });
  });
}

function noMaven(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ENOENT') return `Maven (mvn) cannot run: ${error.message}`;
  return `Apache Kafka ${KAFKA_VERSION} is fetched with Maven 3, and there is no mvn in PATH. Install it (Debian, Ubuntu: apt-get install maven; macOS: brew install maven).`;
}
