import { TidemarkError } from '../base/errors.ts';
import type { Storage } from '../base/storage.ts';

const ROOT = '';
const DIRECTORY = 'cluster';

/** A small JSON file that tells what a cluster must remember over a restart, replaced atomically. */
export class ClusterFile {
  readonly #storage: Storage;
  readonly #path: string;
  readonly #schema: string;

  constructor(storage: Storage, name: string, schema: string) {
    this.#storage = storage;
    this.#path = `${DIRECTORY}/${name}`;
    this.#schema = schema;
  }

  /** Null when nothing was stored yet. Throws KAFKA_STORAGE_ERROR for a file that is damaged or not ours. */
  read(): Record<string, unknown> | null {
    if (!this.#storage.exists(this.#path)) return null;
    const file = this.#storage.open(this.#path);
    let text: string;
    try {
      text = file.read(0, file.sizeBytes).toString('utf8');
    } finally {
      file.close();
    }
    const content = this.#parse(text);
    if (content?.['schema'] !== this.#schema) throw this.unexpected(text);
    return content;
  }

  write(content: object): void {
    const newPath = `${this.#path}.new`;
    if (!this.#storage.exists(DIRECTORY)) {
      this.#storage.makeDirectory(DIRECTORY);
      this.#storage.syncDirectory(ROOT);
    }
    this.#storage.remove(newPath);
    const file = this.#storage.open(newPath);
    try {
      file.append(Buffer.from(`${JSON.stringify({ schema: this.#schema, ...content })}\n`));
      file.sync();
    } finally {
      file.close();
    }
    this.#storage.rename(newPath, this.#path);
    this.#storage.syncDirectory(DIRECTORY);
  }

  /** The error for a file that says something else than it should. */
  unexpected(text: string): TidemarkError {
    return new TidemarkError(
      'KAFKA_STORAGE_ERROR',
      `${this.#path} is not a ${this.#schema} file; got ${text.slice(0, 60)}`,
    );
  }

  #parse(text: string): Record<string, unknown> | null {
    try {
      return JSON.parse(text) as Record<string, unknown> | null;
    } catch (error) {
      throw new TidemarkError(
        'KAFKA_STORAGE_ERROR',
        `${this.#path} is damaged: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
}
