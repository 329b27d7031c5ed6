import { TidemarkError } from '../base/errors.ts';
import { StorageError } from './storage-error.ts';

/** What the disk refused as Kafka's error; anything else is no fault of the disk and stays what it is. */
export function storageFailure(directory: string, error: unknown): Error {
  if (error instanceof StorageError) {
    return new TidemarkError('KAFKA_STORAGE_ERROR', `the log ${directory} failed: ${error.message}`, {
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}
