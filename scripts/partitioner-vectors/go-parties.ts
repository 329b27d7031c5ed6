import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hexLines, type Party, partitionsOf } from './party.ts';

const SOURCES = fileURLToPath(new URL('go', import.meta.url));
const BUILD_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1 << 24;

/** Their modules, and the strategies that they must agree with. */
const CLIENTS = [
  { client: 'franz-go', module: 'github.com/twmb/franz-go', strategy: 'java-murmur2' },
  { client: 'sarama', module: 'github.com/IBM/sarama', strategy: 'sarama-fnv1a' },
  { client: 'kafka-go-hash', module: 'github.com/segmentio/kafka-go', strategy: 'sarama-fnv1a' },
  { client: 'kafka-go-crc32', module: 'github.com/segmentio/kafka-go', strategy: 'librdkafka-crc32' },
] as const;

/** The Go clients, built from their modules; the program goes when the process ends. Throws when there is no Go. */
export async function goParties(): Promise<Party[]> {
  const asked = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (asked.status !== 0) {
    throw new Error('there is no go in PATH: apt-get install -y golang-go, or https://go.dev/dl');
  }
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-vectors-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const program = join(directory, 'place-keys');
  await promisify(execFile)('go', ['build', '-C', SOURCES, '-mod=readonly', '-o', program, '.'], {
    timeout: BUILD_TIMEOUT_MS,
  });
  const versions = readFileSync(join(SOURCES, 'go.mod'), 'utf8');
  return CLIENTS.map(({ client, module, strategy }) => ({
    name: `${client} ${versions.split(`${module} v`)[1]?.split('\n')[0]}`,
    strategy,
    place: async (keys, partitions) => {
      const placed = partitionsOf(
        await run(program, [client, String(partitions)], hexLines(keys)),
        keys.length,
      );
      // As librdkafka does it: an empty key is no key, and drawn.
      return client === 'kafka-go-crc32'
        ? placed.map((one, index) => (keys[index]!.length === 0 ? null : one))
        : placed;
    },
  }));
}

async function run(program: string, args: readonly string[], input: string): Promise<string> {
  const running = promisify(execFile)(program, args, {
    timeout: RUN_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  running.child.stdin!.on('error', () => {});
  running.child.stdin!.end(input);
  return (await running).stdout;
}
