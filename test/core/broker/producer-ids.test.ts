import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { ProducerIds } from '../../../core/broker/producer-ids.ts';
import { MemoryStorage } from '../../../core/log/memory-storage.ts';
import { StorageError } from '../../../core/log/storage-error.ts';
import { FaultyStorage } from '../log/faulty-storage.ts';

function opened(storage: MemoryStorage | FaultyStorage): ProducerIds {
  const ids = new ProducerIds(storage);
  ids.open();
  return ids;
}
