/** What a Storage throws: the system's reason, the path and what was tried. The log turns it into KAFKA_STORAGE_ERROR. */
export class StorageError extends Error {
  /** The system's error code (ENOSPC, EIO, ...), or EINVAL for a path outside the storage, ELOCKED for a foreign lock. */
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StorageError';
    this.code = code;
    this.path = path;
  }
}

/** Wraps what the system threw while `verb` was tried on `path`. */
export function storageErrorFrom(verb: string, path: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  return new StorageError(
    typeof code === 'string' ? code : 'EIO',
    path,
    `cannot ${verb} ${path}: ${reason}`,
    error,
  );
}
