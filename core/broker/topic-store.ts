import { TidemarkError } from '../base/errors.ts';
import type { Storage } from '../base/storage.ts';

const DIRECTORY = 'cluster';
const FILE = `${DIRECTORY}/topics.json`;
const NEW_FILE = `${DIRECTORY}/topics.json.new`;
const SCHEMA = 'tidemark.topics/1';

/** What the cluster must remember over a restart, beside the logs themselves. */
export interface StoredCluster {
  readonly clusterId: string;
  readonly topics: readonly StoredTopic[];
}

export interface StoredTopic {
  readonly name: string;
  readonly id: string;
  readonly configs: Readonly<Record<string, string>>;
  /** The leading broker of each partition. */
  readonly leaders: readonly number[];
}

/** Keeps the list of topics in the storage of the first broker: one small JSON file, replaced atomically. */
export class TopicStore {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Null when nothing was stored yet. Throws KAFKA_STORAGE_ERROR for a file that is not ours or is damaged. */
  load(): StoredCluster | null {
    if (!this.#storage.exists(FILE)) return null;
    const file = this.#storage.open(FILE);
    try {
      return parse(file.read(0, file.sizeBytes).toString('utf8'));
    } finally {
      file.close();
    }
  }

  save(cluster: StoredCluster): void {
    this.#storage.makeDirectory(DIRECTORY);
    this.#storage.remove(NEW_FILE);
    const file = this.#storage.open(NEW_FILE);
    try {
      file.append(Buffer.from(`${JSON.stringify({ schema: SCHEMA, ...cluster })}\n`));
      file.sync();
    } finally {
      file.close();
    }
    this.#storage.rename(NEW_FILE, FILE);
    this.#storage.syncDirectory(DIRECTORY);
  }
}

function parse(text: string): StoredCluster {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TidemarkError('KAFKA_STORAGE_ERROR', `${FILE} is damaged: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const stored = value as Partial<StoredCluster> & { schema?: unknown };
  if (stored?.schema !== SCHEMA || typeof stored.clusterId !== 'string' || !Array.isArray(stored.topics)) {
    throw new TidemarkError(
      'KAFKA_STORAGE_ERROR',
      `${FILE} is not a ${SCHEMA} file; got ${text.slice(0, 60)}`,
    );
  }
  return { clusterId: stored.clusterId, topics: stored.topics };
}
