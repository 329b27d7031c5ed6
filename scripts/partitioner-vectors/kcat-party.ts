import { execFileSync, spawn } from 'node:child_process';
import type { Party } from './party.ts';
import { readPlacements } from './read-placements.ts';
import { startTopicCluster } from './topic-cluster.ts';

const TIMEOUT_MS = 60_000;
const TOPIC = 'placed';
/** In no key; several bytes, since every single one may be. */
const KEY_DELIMITER = '<=key>';
const RECORD_DELIMITER = '<=record>';

/** librdkafka by kcat, which produces with one of librdkafka's partitioners. Keys it places at random are null. */
export function librdkafka(
  partitioner: string,
  strategy: string,
  isDrawn: (key: Buffer) => boolean = () => false,
): Party {
  return {
    name: `librdkafka ${librdkafkaVersion()} (kcat), partitioner=${partitioner}`,
    strategy,
    place: async (keys, partitions) => {
      const cluster = await startTopicCluster(partitions);
      try {
        const input = keys.flatMap((key, index) => [
          key,
          Buffer.from(`${KEY_DELIMITER}${index}${RECORD_DELIMITER}`),
        ]);
        const args = [
          '-b',
          cluster.bootstrapServers,
          '-P',
          '-t',
          TOPIC,
          '-X',
          `topic.partitioner=${partitioner}`,
        ];
        await kcat([...args, '-K', KEY_DELIMITER, '-D', RECORD_DELIMITER], Buffer.concat(input));
        const placed = await readPlacements(cluster.bootstrapServers, TOPIC, keys);
        return placed.map((partition, index) => (isDrawn(keys[index]!) ? null : partition));
      } finally {
        await cluster.close();
      }
    },
  };
}

function librdkafkaVersion(): string {
  try {
    return (
      /librdkafka ([\d.]+)/.exec(execFileSync('kcat', ['-V'], { encoding: 'utf8' }))?.[1] ??
      'of unknown version'
    );
  } catch {
    throw new Error('there is no kcat in PATH: apt-get update && apt-get install -y kcat');
  }
}

function kcat(args: readonly string[], input: Buffer): Promise<void> {
  const child = spawn('kcat', args, { stdio: ['pipe', 'ignore', 'pipe'], timeout: TIMEOUT_MS });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`kcat ended with ${code ?? signal}: ${said.trim()}`));
    });
  });
}
