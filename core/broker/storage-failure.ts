import { TidemarkError } from '../base/errors.ts';
import { StorageError } from '../log/storage-error.ts';

/** Runs what touches the disk: clients know one error, KAFKA_STORAGE_ERROR, for whatever the disk says. */
export function asStorageFailure<T>(context: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new TidemarkError('KAFKA_STORAGE_ERROR', `${context}: ${error.message}`, { cause: error });
  }
}
