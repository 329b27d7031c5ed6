import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Kafka 4.x needs it. */
const OLDEST_JAVA = 17;

/** Apache Kafka cannot be had on this machine; the message says what is missing and how to get it. */
export class KafkaUnavailableError extends Error {
  override readonly name = 'KafkaUnavailableError';
}

/** The path of a Java that runs Kafka 4.1: JAVA_HOME's, or the PATH's. Throws KafkaUnavailableError. */
export function findJava(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment['JAVA_HOME'] ?? '';
  const java = home === '' ? 'java' : join(home, 'bin', 'java');
  const where = home === '' ? 'in PATH' : `in JAVA_HOME (${home})`;
  const version = readVersion(java, environment);
  if (version === null) {
    throw new KafkaUnavailableError(
      `Apache Kafka 4.1 needs Java ${OLDEST_JAVA} or later, and there is no java ${where}. ${HOW_TO_GET_JAVA}`,
    );
  }
  if (majorOf(version) < OLDEST_JAVA) {
    throw new KafkaUnavailableError(
      `Apache Kafka 4.1 needs Java ${OLDEST_JAVA} or later; the java ${where} is ${version}. ${HOW_TO_GET_JAVA}`,
    );
  }
  return java;
}

const HOW_TO_GET_JAVA =
  'Install one (Debian, Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk), or set JAVA_HOME to it.';

/** As `java -version` names it: 17.0.15, or 1.8.0_402; null when it cannot be run. */
function readVersion(java: string, environment: NodeJS.ProcessEnv): string | null {
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8', env: environment });
  if (status !== 0) return null;
  return /version "([^"]+)"/.exec(stderr)?.[1] ?? null;
}

/** Java 8 and before called themselves 1.8. */
function majorOf(version: string): number {
  return Number(/^(?:1\.)?(\d+)/.exec(version)?.[1] ?? 0);
}
