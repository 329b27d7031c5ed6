import type { Random } from '../../../core/base/random.ts';
import type { Storage, StorageFile } from '../../../core/base/storage.ts';
import { StorageError } from '../../../core/log/storage-error.ts';
import { storagePathParts } from '../../../core/log/storage-path.ts';

interface Inode {
  bytes: Buffer;
  /** What a power cut leaves for certain. */
  durable: Buffer;
  /** Bytes of a write that failed half way: a power cut may show them behind the end. */
  remains: Buffer;
}

/**
 * A disk that fails as disks do: it fills, refuses writes half way, refuses to sync, and forgets in a power cut what
 * was not synced: contents, in part, and names.
 */
export class FaultyStorage implements Storage {
  /** Writes beyond it fail with ENOSPC. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** Appends to paths that match fail, after some bytes. */
  failAppend: RegExp | null = null;
  failSync: RegExp | null = null;
  failOpen: RegExp | null = null;
  /** Syncs in the background stay under way until finishSyncs(). */
  holdsBackgroundSyncs = false;
  syncCount = 0;
  readonly #entries = new Map<string, Inode>();
  readonly #durableEntries = new Map<string, Inode>();
  readonly #directories = new Set<string>(['']);
  #underWay: (() => void)[] = [];

  open(path: string): StorageFile {
    const key = keyOf(path);
    if (this.failOpen?.test(key) === true)
      throw new StorageError('EMFILE', key, `cannot open ${key}: EMFILE`);
    let inode = this.#entries.get(key);
    if (inode === undefined) {
      const nothing = Buffer.alloc(0);
      inode = { bytes: nothing, durable: nothing, remains: nothing };
      this.#entries.set(key, inode);
    }
    return this.#file(key, inode);
  }

  list(directory: string): string[] {
    const prefix = keyOf(directory) === '' ? '' : `${keyOf(directory)}/`;
    const names = [...this.#entries.keys(), ...this.#directories]
      .filter((key) => key.startsWith(prefix) && key !== prefix && key !== '')
      .map((key) => key.slice(prefix.length).split('/')[0]!);
    return [...new Set(names)].sort();
  }

  makeDirectory(path: string): void {
    const parts = storagePathParts(path);
    for (let count = 1; count <= parts.length; count++)
      this.#directories.add(parts.slice(0, count).join('/'));
  }

  exists(path: string): boolean {
    return this.#entries.has(keyOf(path)) || this.#directories.has(keyOf(path));
  }

  rename(from: string, to: string): void {
    const inode = this.#entries.get(keyOf(from))!;
    this.#entries.delete(keyOf(from));
    this.#entries.set(keyOf(to), inode);
  }

  remove(path: string): void {
    const key = keyOf(path);
    this.#directories.delete(key);
    for (const name of [...this.#entries.keys()]) {
      if (name === key || name.startsWith(`${key}/`)) this.#entries.delete(name);
    }
  }

  syncDirectory(path: string): void {
    const directory = keyOf(path);
    const isInside = (key: string) => parentOf(key) === directory;
    for (const key of [...this.#durableEntries.keys()].filter(isInside)) this.#durableEntries.delete(key);
    for (const [key, inode] of this.#entries) if (isInside(key)) this.#durableEntries.set(key, inode);
  }

  /** Ends the syncs that are under way, in no order that they began in. */
  finishSyncs(count = Number.POSITIVE_INFINITY): void {
    for (let ended = 0; ended < count; ended++) {
      const finish = this.#underWay.pop();
      if (finish === undefined) return;
      finish();
    }
  }

  /** The disk after a kill -9: what was written is there, since the system lives on. */
  afterKill(): FaultyStorage {
    const next = this.#emptyCopy();
    for (const [key, inode] of this.#entries) next.#put(key, Buffer.concat([inode.bytes, inode.remains]));
    return next;
  }

  /** The disk after a power cut: what was synced, and chance decides on the rest. */
  afterPowerCut(random: Random): FaultyStorage {
    const next = this.#emptyCopy();
    for (const key of new Set([...this.#durableEntries.keys(), ...this.#entries.keys()])) {
      const durable = this.#durableEntries.get(key);
      const inode = random.nextBelow(2) === 0 ? durable : this.#entries.get(key);
      if (inode !== undefined) next.#put(key, torn(inode, random));
    }
    return next;
  }

  /** A copy with the end of one file cut off and `tail` in its place. */
  withTail(path: string, keepBytes: number, tail: Buffer): FaultyStorage {
    const next = this.afterKill();
    const bytes = next.#entries.get(keyOf(path))!.bytes;
    next.#put(keyOf(path), Buffer.concat([bytes.subarray(0, keepBytes), tail]));
    return next;
  }

  bytesOf(path: string): Buffer {
    return this.#entries.get(keyOf(path))?.bytes ?? Buffer.alloc(0);
  }

  #file(key: string, inode: Inode): StorageFile {
    const sync = () => {
      this.syncCount++;
      if (this.failSync?.test(key) === true) throw new StorageError('EIO', key, `cannot sync ${key}: EIO`);
      inode.durable = inode.bytes;
    };
    return {
      get sizeBytes() {
        return inode.bytes.length;
      },
      append: (chunk) => this.#append(key, inode, chunk),
      // A copy, so that a test would see it if a reader wrote to it or relied on identity.
      read: (position, length) => Buffer.from(inode.bytes.subarray(position, position + length)),
      truncate: (sizeBytes) => {
        inode.bytes = inode.bytes.subarray(0, sizeBytes);
        inode.durable = inode.durable.subarray(0, sizeBytes);
        inode.remains = Buffer.alloc(0);
      },
      sync,
      syncInBackground: (onSynced) => {
        const finish = () => {
          try {
            sync();
          } catch (error) {
            onSynced(error as Error);
            return;
          }
          onSynced(null);
        };
        if (this.holdsBackgroundSyncs) this.#underWay.push(finish);
        else finish();
      },
      close: () => {},
    };
  }

  #append(key: string, inode: Inode, chunk: Uint8Array): void {
    const usedBytes = [...this.#entries.values()].reduce((sum, each) => sum + each.bytes.length, 0);
    const fits = usedBytes + chunk.length <= this.capacityBytes;
    if (!fits || this.failAppend?.test(key) === true) {
      inode.remains = Buffer.from(chunk.subarray(0, Math.floor(chunk.length / 2)));
      throw new StorageError('ENOSPC', key, `cannot write ${key}: ENOSPC: no space left on device`);
    }
    inode.bytes = Buffer.concat([inode.bytes, chunk]);
    inode.remains = Buffer.alloc(0);
  }

  #put(key: string, bytes: Buffer): void {
    const inode = { bytes, durable: bytes, remains: Buffer.alloc(0) };
    this.#entries.set(key, inode);
    this.#durableEntries.set(key, inode);
  }

  #emptyCopy(): FaultyStorage {
    const next = new FaultyStorage();
    for (const directory of this.#directories) next.#directories.add(directory);
    return next;
  }
}

/** Some of the bytes that were not synced; the last of them may never have been written, and read as zeros. */
function torn(inode: Inode, random: Random): Buffer {
  const written = Buffer.concat([inode.bytes, inode.remains]);
  const unsynced = Math.max(0, written.length - inode.durable.length);
  const kept = Buffer.from(written.subarray(0, inode.durable.length + random.nextBelow(unsynced + 1)));
  const zeros = random.nextBelow(2) === 0 ? 0 : random.nextBelow(kept.length - inode.durable.length + 1);
  return kept.fill(0, kept.length - zeros);
}

function keyOf(path: string): string {
  return storagePathParts(path).join('/');
}

function parentOf(key: string): string {
  return key.split('/').slice(0, -1).join('/');
}
