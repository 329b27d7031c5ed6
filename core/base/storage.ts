/**
 * The disk as the log sees it: synchronous, like the page cache it writes to. Two implementations are
 * meant, memory and files, and later a faulty twin of the first. Paths are relative to the storage's root
 * and use '/'.
 */
export interface Storage {
  /**
   * Where read() gives views of memory that is used again: who keeps views beyond the call that gave them holds an epoch
   * here meanwhile. Absent where every read is a copy.
   */
  readonly views?: ViewHolders;
  /** Opens for reading and appending, creating the file when missing. */
  open(path: string): StorageFile;
  /** Names of the entries of a directory, sorted; empty when it does not exist. */
  list(directory: string): string[];
  makeDirectory(path: string): void;
  exists(path: string): boolean;
  /** Atomic replacement. */
  rename(from: string, to: string): void;
  /** Removes a file, or a directory with all it holds; silent when missing. */
  remove(path: string): void;
  /** Makes the directory's entries durable (fsync of the directory). */
  syncDirectory(path: string): void;
}

/** Readers that may still see memory which was truncated or removed. */
export interface ViewHolders {
  /** Before reading. */
  hold(reader: object): void;
  /** When no view is used any more. */
  release(reader: object): void;
}

export interface StorageFile {
  readonly sizeBytes: number;
  /**
   * Appends the chunk at the end; the bytes are copied or written before the call returns.
   * Throws a StorageError and leaves the size as it was when the disk refuses.
   */
  append(chunk: Uint8Array): void;
  /**
   * Up to `length` bytes from `position`; shorter at the end of the file, and where memory is not contiguous: never
   * inside what one append brought. May be a view, so readers must not write to it; it outlives the file.
   */
  read(position: number, length: number): Buffer;
  truncate(sizeBytes: number): void;
  sync(): void;
  /** Like sync() without blocking the caller; `onSynced` comes once, now or later, with the error if it failed. */
  syncInBackground(onSynced: (error: Error | null) => void): void;
  close(): void;
}
