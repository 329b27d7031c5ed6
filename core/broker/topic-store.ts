import type { Storage } from '../base/storage.ts';
import { ClusterFile } from './cluster-file.ts';

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

/** Keeps the list of topics in the storage of the first broker. */
export class TopicStore {
  readonly #file: ClusterFile;

  constructor(storage: Storage) {
    this.#file = new ClusterFile(storage, 'topics.json', 'tidemark.topics/1');
  }

  /** Null when nothing was stored yet. Throws KAFKA_STORAGE_ERROR for a file that is not ours or is damaged. */
  load(): StoredCluster | null {
    const stored = this.#file.read() as Partial<StoredCluster> | null;
    if (stored === null) return null;
    if (typeof stored.clusterId !== 'string' || !Array.isArray(stored.topics)) {
      throw this.#file.unexpected(JSON.stringify(stored));
    }
    return { clusterId: stored.clusterId, topics: stored.topics };
  }

  save(cluster: StoredCluster): void {
    this.#file.write(cluster);
  }
}
