import type { AnyApiHandler } from './api-handler.ts';
import { createApiVersionsHandler } from './handlers/api-versions.ts';
import { createTopicsHandler } from './handlers/create-topics.ts';
import { deleteTopicsHandler } from './handlers/delete-topics.ts';
import { describeConfigsHandler } from './handlers/describe-configs.ts';
import { fetchHandler } from './handlers/fetch.ts';
import { findCoordinatorHandler } from './handlers/find-coordinator.ts';
import { initProducerIdHandler } from './handlers/init-producer-id.ts';
import { listOffsetsHandler } from './handlers/list-offsets.ts';
import { metadataHandler } from './handlers/metadata.ts';
import { produceHandler } from './handlers/produce.ts';

/** Every API that a broker serves, by key: what stands here is advertised, and nothing else is. */
export function createHandlerTable(): ReadonlyMap<number, AnyApiHandler> {
  const table = new Map<number, AnyApiHandler>();
  const handlers: AnyApiHandler[] = [
    createApiVersionsHandler(() => table.values()),
    metadataHandler,
    produceHandler,
    fetchHandler,
    listOffsetsHandler,
    createTopicsHandler,
    deleteTopicsHandler,
    describeConfigsHandler,
    findCoordinatorHandler,
    initProducerIdHandler,
  ];
  for (const handler of handlers) table.set(handler.api.key, handler);
  return table;
}
