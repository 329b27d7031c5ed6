import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { Storage, StorageFile } from '../base/storage.ts';
import { lockDataDirectory, unlockDataDirectory } from './data-directory.ts';
import { StorageError, storageErrorFrom } from './storage-error.ts';
import { storagePathParts } from './storage-path.ts';

/** Linux lets a directory be synced; elsewhere the refusal means that there is nothing to do. */
const UNSYNCABLE = new Set(['EINVAL', 'EISDIR', 'EPERM', 'EACCES']);
const PLATFORM_SYNCS_DIRECTORIES = process.platform !== 'win32';

/** A directory of this machine's disk, held by one process at a time. */
export class FileStorage implements Storage {
  readonly root: string;
  #locked = true;

  /** Makes the directory when missing. Throws StorageError ELOCKED naming the process that uses it. */
  constructor(root: string) {
    this.root = root;
    attempt('make', root, () => makeDirectories(root));
    lockDataDirectory(root);
  }

  open(path: string): StorageFile {
    return new DiskFile(this.#resolve(path));
  }

  list(path: string): string[] {
    const directory = this.#resolve(path);
    try {
      return fs.readdirSync(directory).sort();
    } catch (error) {
      const failure = storageErrorFrom('list', directory, error);
      if (failure.code === 'ENOENT' || failure.code === 'ENOTDIR') return [];
      throw failure;
    }
  }

  makeDirectory(path: string): void {
    const directory = this.#resolve(path);
    attempt('make', directory, () => makeDirectories(directory));
  }

  exists(path: string): boolean {
    return fs.existsSync(this.#resolve(path));
  }

  rename(from: string, to: string): void {
    const source = this.#resolve(from);
    const target = this.#resolve(to);
    attempt('rename', source, () => fs.renameSync(source, target));
  }

  remove(path: string): void {
    if (storagePathParts(path).length === 0) {
      throw new StorageError('EINVAL', path, 'cannot remove the root of a storage');
    }
    const target = this.#resolve(path);
    attempt('remove', target, () => fs.rmSync(target, { recursive: true, force: true }));
  }

  syncDirectory(path: string): void {
    if (!PLATFORM_SYNCS_DIRECTORIES) return;
    const directory = this.#resolve(path);
    let descriptor = -1;
    try {
      descriptor = fs.openSync(directory, 'r');
      fs.fsyncSync(descriptor);
    } catch (error) {
      const failure = storageErrorFrom('sync', directory, error);
      if (descriptor < 0 || !UNSYNCABLE.has(failure.code)) throw failure;
    } finally {
      if (descriptor >= 0) fs.closeSync(descriptor);
    }
  }

  /** Lets another process use the directory. Files still open stay usable, so close the logs first. */
  close(): void {
    if (!this.#locked) return;
    this.#locked = false;
    unlockDataDirectory(this.root);
  }

  #resolve(path: string): string {
    return join(this.root, ...storagePathParts(path));
  }
}

/**
 * Step by step: where the system refuses a name without saying that it exists (/proc), mkdir -p of Node 24 never ends.
 * Throws EEXIST where a file stands in the place.
 */
function makeDirectories(path: string): void {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(path);
  if (!fs.existsSync(parent)) makeDirectories(parent);
  try {
    fs.mkdirSync(path);
  } catch (error) {
    // Another process was quicker.
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

class DiskFile implements StorageFile {
  readonly #path: string;
  readonly #descriptor: number;
  #sizeBytes: number;
  /** Bytes of a failed append stand behind the end, and could not be cut off yet. */
  #hasRemains = false;
  #syncsUnderWay = 0;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
    const flags = fs.constants.O_RDWR | fs.constants.O_CREAT;
    this.#descriptor = attempt('open', path, () => fs.openSync(path, flags, 0o644));
    this.#sizeBytes = attempt('open', path, () => fs.fstatSync(this.#descriptor).size);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(chunk: Uint8Array): void {
    if (this.#hasRemains) this.#cutRemains();
    const length = chunk.length;
    let written = 0;
    try {
      while (written < length) {
        written += fs.writeSync(
          this.#descriptor,
          chunk,
          written,
          length - written,
          this.#sizeBytes + written,
        );
      }
    } catch (error) {
      // Even a write that failed at once may have grown the file.
      this.#hasRemains = true;
      try {
        this.#cutRemains();
      } catch {
        // Tried again before the next append; the first error is the one that says why.
      }
      throw storageErrorFrom('write', this.#path, error);
    }
    this.#sizeBytes += length;
  }

  read(position: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.#sizeBytes - position));
    const buffer = Buffer.allocUnsafe(wanted);
    let taken = 0;
    while (taken < wanted) {
      const from = taken;
      const count = attempt('read', this.#path, () =>
        fs.readSync(this.#descriptor, buffer, from, wanted - from, position + from),
      );
      if (count === 0) break;
      taken += count;
    }
    return taken === wanted ? buffer : buffer.subarray(0, taken);
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes >= this.#sizeBytes && !this.#hasRemains) return;
    const target = Math.min(sizeBytes, this.#sizeBytes);
    attempt('truncate', this.#path, () => fs.ftruncateSync(this.#descriptor, target));
    this.#sizeBytes = target;
    this.#hasRemains = false;
  }

  sync(): void {
    if (this.#hasRemains) this.#cutRemains();
    attempt('sync', this.#path, () => fs.fsyncSync(this.#descriptor));
  }

  syncInBackground(onSynced: (error: Error | null) => void): void {
    this.#syncsUnderWay++;
    fs.fsync(this.#descriptor, (error) => {
      this.#syncsUnderWay--;
      if (this.#closed && this.#syncsUnderWay === 0) fs.closeSync(this.#descriptor);
      onSynced(error === null ? null : storageErrorFrom('sync', this.#path, error));
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#syncsUnderWay === 0) attempt('close', this.#path, () => fs.closeSync(this.#descriptor));
  }

  #cutRemains(): void {
    attempt('truncate', this.#path, () => fs.ftruncateSync(this.#descriptor, this.#sizeBytes));
    this.#hasRemains = false;
  }
}

function attempt<T>(verb: string, path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw storageErrorFrom(verb, path, error);
  }
}
