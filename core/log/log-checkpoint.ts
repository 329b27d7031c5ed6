import type { Storage } from '../base/storage.ts';

const CHECKPOINT = 'log-checkpoint';
const CLEAN_SHUTDOWN = 'clean-shutdown';
const VERSION = 0;
const MAX_FILE_BYTES = 4096;

export interface LogCheckpoint {
  /** All before this offset is on the disk, in closed segments with their indexes. */
  readonly recoveryPoint: number;
  /** Segments that end at or before this offset are deleted, whatever a crash brought back. */
  readonly startOffset: number;
}

/** Two small text files in a partition's directory: how far it is known to be sound, and that it was closed. */
export class CheckpointFiles {
  readonly #storage: Storage;
  readonly #directory: string;

  constructor(storage: Storage, directory: string) {
    this.#storage = storage;
    this.#directory = directory;
  }

  /** Zeros when there is none, or a torn one: everything is checked then. */
  readCheckpoint(): LogCheckpoint {
    const [recoveryPoint, startOffset] = this.#read(CHECKPOINT, 2) ?? [0, 0];
    return { recoveryPoint: recoveryPoint!, startOffset: startOffset! };
  }

  writeCheckpoint(checkpoint: LogCheckpoint): void {
    this.#write(CHECKPOINT, [checkpoint.recoveryPoint, checkpoint.startOffset]);
  }

  /** The end offset that the log was closed with; null after anything but a clean shutdown. */
  readCleanShutdown(): number | null {
    return this.#read(CLEAN_SHUTDOWN, 1)?.[0] ?? null;
  }

  /** Everything must be synced before. */
  writeCleanShutdown(endOffset: number): void {
    this.#write(CLEAN_SHUTDOWN, [endOffset]);
    this.#storage.syncDirectory(this.#directory);
  }

  /** Durable before the first append: a marker that came back would vouch for bytes that were never synced. */
  removeCleanShutdown(): void {
    const path = `${this.#directory}/${CLEAN_SHUTDOWN}`;
    if (!this.#storage.exists(path)) return;
    this.#storage.remove(path);
    this.#storage.syncDirectory(this.#directory);
  }

  #read(name: string, count: number): number[] | null {
    const path = `${this.#directory}/${name}`;
    if (!this.#storage.exists(path)) return null;
    const file = this.#storage.open(path);
    const lines = file.read(0, MAX_FILE_BYTES).toString('latin1').split('\n');
    file.close();
    const numbers = lines.slice(1, 1 + count).map(Number);
    const isWhole = lines.length === count + 3 && lines[0] === String(VERSION) && lines[count + 1] === 'end';
    return isWhole && numbers.every((value) => Number.isSafeInteger(value) && value >= 0) ? numbers : null;
  }

  #write(name: string, numbers: readonly number[]): void {
    const path = `${this.#directory}/${name}`;
    const temporary = `${path}.tmp`;
    this.#storage.remove(temporary);
    const file = this.#storage.open(temporary);
    try {
      file.append(Buffer.from(`${[VERSION, ...numbers, 'end'].join('\n')}\n`));
      file.sync();
    } finally {
      file.close();
    }
    this.#storage.rename(temporary, path);
  }
}
