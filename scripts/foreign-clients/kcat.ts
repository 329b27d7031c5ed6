import { execFileSync, spawn } from 'node:child_process';
import { FIXED_HEADERS, KCAT_FORMAT, type Production } from './check-records.ts';

const TIMEOUT_MS = 60_000;
const KEY_DELIMITER = '\t';

/** Null when kcat is not installed. */
export function kcatVersion(): string | null {
  try {
    return (
      /librdkafka ([\d.]+)/.exec(execFileSync('kcat', ['-V'], { encoding: 'utf8' }))?.[1] ??
      'of unknown version'
    );
  } catch {
    return null;
  }
}

/** Every record with the fixed headers, its timestamp kcat's own. */
export async function produceWithKcat(
  servers: string,
  topic: string,
  { codec, records, isIdempotent = false }: Production,
): Promise<void> {
  const headers = Object.entries(FIXED_HEADERS).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const lines = records.map(({ key, value }) => `${key}${KEY_DELIMITER}${value}\n`).join('');
  const settings = ['-X', `enable.idempotence=${isIdempotent}`];
  await kcat(
    ['-b', servers, '-P', '-t', topic, '-K', KEY_DELIMITER, '-z', codec, ...settings, ...headers],
    lines,
  );
}

export async function consumeWithKcat(servers: string, topic: string): Promise<string[]> {
  const out = await kcat(
    ['-b', servers, '-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-f', KCAT_FORMAT],
    '',
  );
  return out.split('\n').slice(0, -1);
}

function kcat(args: readonly string[], input: string): Promise<string> {
  const child = spawn('kcat', args, { stdio: 'pipe', timeout: TIMEOUT_MS });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else
        reject(
          new Error(`kcat ended with ${code ?? signal}: ${Buffer.concat(errors).toString('utf8').trim()}`),
        );
    });
  });
}
