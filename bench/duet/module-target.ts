import type { Driver, DriverClient, DriverContext, DriverRecord } from './driver-contract.ts';
import type { LoadRecords, LoadTarget, SettleHandlers } from './load-target.ts';

/**
 * A user's module behind the driver contract. Rejects, saying what is missing, for one that does not keep to it, and
 * with what its first send() rejects with: one record goes alone, before any clock starts.
 */
export async function connectModule(
  loaded: { readonly default?: unknown },
  context: DriverContext,
  { records, handlers }: { readonly records: LoadRecords; readonly handlers: SettleHandlers },
): Promise<LoadTarget> {
  const driver = readDriver(loaded);
  const client = readClient(await driver.connect(context));
  const recordAt = (sequence: number): DriverRecord => ({
    key: records.keyAt(sequence),
    value: records.payloadAt(sequence),
  });
  await readPromise(client.send([recordAt(0)]));
  return {
    touched: 1,
    send(first, count) {
      const batch = Array.from({ length: count }, (_, index) => recordAt(first + index));
      readPromise(client.send(batch)).then(() => handlers.onAcknowledged(first, count), handlers.onFailed);
    },
    close: () => client.close(),
  };
}

const EXPECTED = 'expected `export default { connect }` (docs/drivers.md)';

function readDriver(loaded: { readonly default?: unknown }): Driver {
  // A CommonJS module compiled from an ES module has its default one level down.
  const exported = (loaded.default as { default?: unknown } | undefined)?.default ?? loaded.default;
  if (exported === undefined) throw new Error(`the module has no default export, ${EXPECTED}`);
  if (typeof (exported as Driver | null)?.connect !== 'function') {
    throw new Error(`the default export of the module has no function connect, ${EXPECTED}`);
  }
  return exported as Driver;
}

function readClient(client: unknown): DriverClient {
  for (const name of ['send', 'close'] as const) {
    if (typeof (client as DriverClient | null)?.[name] === 'function') continue;
    throw new Error(`connect() gave a client without a function ${name}, expected { send, close }`);
  }
  return client as DriverClient;
}

/** Acknowledged at once is what nothing that waits for a broker is. */
function readPromise(sent: unknown): Promise<unknown> {
  if (typeof (sent as Promise<unknown> | null)?.then === 'function') return sent as Promise<unknown>;
  throw new Error('send() must return a promise that resolves when the records are acknowledged');
}
