import type { Storage } from '../base/storage.ts';
import { ChunkPool } from './chunk-pool.ts';
import { MemoryFile } from './memory-file.ts';
import { StorageError } from './storage-error.ts';
import { storagePathParts } from './storage-path.ts';
import type { ViewEpochs } from './view-epochs.ts';

type Directory = Map<string, Entry>;
type Entry =
  | { readonly kind: 'directory'; readonly entries: Directory }
  | { readonly kind: 'file'; readonly file: MemoryFile };

/** A disk in memory: nothing outlives the process, so syncing costs nothing. */
export class MemoryStorage implements Storage {
  readonly #root: Directory = new Map();
  readonly #pool: ChunkPool;

  /** `maxFreeBytes` bounds the memory kept for reuse after files went (128 MiB unless told otherwise). */
  constructor(options: { maxFreeBytes?: number } = {}) {
    this.#pool = new ChunkPool(options.maxFreeBytes);
  }

  /** Readers that keep views of what they read must hold an epoch of these. */
  get views(): ViewEpochs {
    return this.#pool.views;
  }

  open(path: string): MemoryFile {
    const { directory, name } = this.#locate(path);
    const entry = directory.get(name);
    if (entry?.kind === 'file') return entry.file;
    if (entry !== undefined) throw new StorageError('EISDIR', path, `cannot open ${path}: it is a directory`);
    const file = new MemoryFile(path, this.#pool);
    directory.set(name, { kind: 'file', file });
    return file;
  }

  list(path: string): string[] {
    return [...(this.#directory(storagePathParts(path))?.keys() ?? [])].sort();
  }

  makeDirectory(path: string): void {
    let directory = this.#root;
    for (const part of storagePathParts(path)) {
      const entry = directory.get(part);
      if (entry?.kind === 'file')
        throw new StorageError('ENOTDIR', path, `cannot make ${path}: ${part} is a file`);
      const entries = entry?.entries ?? new Map();
      if (entry === undefined) directory.set(part, { kind: 'directory', entries });
      directory = entries;
    }
  }

  exists(path: string): boolean {
    const parts = storagePathParts(path);
    const name = parts.pop();
    return name === undefined || (this.#directory(parts)?.has(name) ?? false);
  }

  rename(from: string, to: string): void {
    const source = this.#locate(from);
    const target = this.#locate(to);
    const entry = source.directory.get(source.name);
    if (entry === undefined) throw new StorageError('ENOENT', from, `cannot rename ${from}: no such file`);
    const replaced = target.directory.get(target.name);
    if (replaced === entry) return;
    if (replaced !== undefined) discard(replaced);
    source.directory.delete(source.name);
    target.directory.set(target.name, entry);
  }

  remove(path: string): void {
    const parts = storagePathParts(path);
    const name = parts.pop();
    if (name === undefined) throw new StorageError('EINVAL', path, 'cannot remove the root of a storage');
    const directory = this.#directory(parts);
    const entry = directory?.get(name);
    if (entry === undefined) return;
    directory!.delete(name);
    discard(entry);
  }

  syncDirectory(_path: string): void {}

  #directory(parts: readonly string[]): Directory | null {
    let directory = this.#root;
    for (const part of parts) {
      const entry = directory.get(part);
      if (entry?.kind !== 'directory') return null;
      directory = entry.entries;
    }
    return directory;
  }

  #locate(path: string): { directory: Directory; name: string } {
    const parts = storagePathParts(path);
    const name = parts.pop();
    const directory = this.#directory(parts);
    if (name === undefined || directory === null) {
      throw new StorageError('ENOENT', path, `cannot open ${JSON.stringify(path)}: no such directory`);
    }
    return { directory, name };
  }
}

function discard(entry: Entry): void {
  if (entry.kind === 'file') entry.file.discard();
  else for (const inner of entry.entries.values()) discard(inner);
}
