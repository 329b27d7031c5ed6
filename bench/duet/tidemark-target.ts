import type { DriverContext } from './driver-contract.ts';
import type { LoadRecords, LoadTarget, SettleHandlers } from './load-target.ts';

/** What the load loop needs of a Producer: the same in every version so far, so any build can be a side. */
interface AnyProducer {
  send(
    record: {
      topic: string;
      key: Buffer | null;
      value: Buffer;
      partition?: number;
    },
    callback: (error: Error | null, metadata: unknown, opaque: unknown) => void,
    opaque?: number,
  ): boolean;
  flush(): Promise<void>;
  close(options?: { timeoutMs?: number }): Promise<void>;
}

type ProducerClass = new (properties: Readonly<Record<string, string>>) => AnyProducer;

/**
 * The Producer of a build of Tidemark, driven by the callback form of send(). Its properties are the user's on Kafka's
 * defaults. Rejects when the build exports no Producer, or cannot write to the topic.
 */
export async function connectTidemark(
  build: { readonly Producer?: unknown },
  context: DriverContext,
  { records, handlers }: { readonly records: LoadRecords; readonly handlers: SettleHandlers },
): Promise<LoadTarget> {
  const { Producer } = build;
  if (typeof Producer !== 'function') throw new Error('this build of Tidemark exports no Producer');
  const { topic, partitions, bootstrapServers, properties } = context;
  const producer = new (Producer as ProducerClass)({ ...properties, 'bootstrap.servers': bootstrapServers });
  await Promise.all(
    Array.from({ length: partitions }, (_, partition) =>
      sendAlone(producer, { topic, key: null, value: records.payloadAt(partition), partition }),
    ),
  );
  const onDelivery = (error: Error | null, _metadata: unknown, opaque: unknown): void => {
    if (error === null) handlers.onAcknowledged(opaque as number, 1);
    else handlers.onFailed(error);
  };
  let record = { topic, key: null as Buffer | null, value: records.payloadAt(0) };
  return {
    touched: partitions,
    send(first, count) {
      for (let sequence = first; sequence < first + count; sequence++) {
        record.key = records.keyAt(sequence);
        record.value = records.payloadAt(sequence);
        // A record that waits for memory is still the producer's: the next one gets an object of its own.
        if (!producer.send(record, onDelivery, sequence)) record = { ...record };
      }
    },
    flush: () => {
      // What fails is told of through the callbacks of its records.
      producer.flush().catch(() => {});
    },
    close: () => producer.close({ timeoutMs: 5000 }),
  };
}

/** One record to a partition: connections, metadata and the brokers' logs are open before the first segment. */
function sendAlone(producer: AnyProducer, record: Parameters<AnyProducer['send']>[0]): Promise<void> {
  return new Promise((resolve, reject) => {
    producer.send(record, (error) => (error === null ? resolve() : reject(error)));
  });
}
