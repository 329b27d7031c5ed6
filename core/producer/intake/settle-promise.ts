import type { DeliveryCallback, RecordMetadata } from '../types.ts';

export type Resolve = (value: RecordMetadata | Promise<RecordMetadata>) => void;

/** One executor for all promises: the resolve function of the promise just made is handed over through here. */
let newestResolve: Resolve;

function takeResolve(resolve: (value: never) => void): void {
  newestResolve = resolve as Resolve;
}

/** A promise to be settled by `settlePromise`, with no closure of its own. */
export function newPromise(): Promise<RecordMetadata> {
  return new Promise(takeResolve) as Promise<RecordMetadata>;
}

/** Of the promise made last. */
export function resolveOfNewest(): Resolve {
  return newestResolve;
}

/** The opaque of a promise is its resolve function; resolving with a rejected promise rejects. */
export const settlePromise: DeliveryCallback = (error, metadata, opaque) => {
  (opaque as Resolve)(error === null ? metadata : Promise.reject(error));
};
