import { StorageError } from './storage-error.ts';

/**
 * The parts of a path below a storage's root. Paths may come from topic names on the wire, so whatever could leave
 * the root is refused here again, whoever checked it before. The root itself has no parts.
 */
export function storagePathParts(path: string): string[] {
  if (path.startsWith('/') || path.includes('\\') || path.includes('\0') || /^[A-Za-z]:/.test(path)) {
    throw new StorageError(
      'EINVAL',
      path,
      `storage path must be relative and use '/', got ${JSON.stringify(path)}`,
    );
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw new StorageError('EINVAL', path, `storage path must not contain '..', got ${JSON.stringify(path)}`);
  }
  return parts;
}
