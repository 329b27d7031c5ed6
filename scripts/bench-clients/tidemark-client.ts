import { Producer } from '../../core/producer/producer.ts';
import {
  BATCH_SIZE_BYTES,
  type ClientFigures,
  type ClientRun,
  createValue,
  IN_FLIGHT,
  LINGER_MS,
  Window,
} from './client-run.ts';

const BURST_RECORDS = 256;
const OUTSTANDING_BYTES = 4 * 1024 * 1024;

/** Record by record through send() with a callback each; the producer batches. */
export async function runTidemark(run: ClientRun): Promise<ClientFigures> {
  const window = new Window(run);
  let settledInBatch = 0;
  const producer = new Producer(
    {
      'bootstrap.servers': run.bootstrapServers,
      acks: '1',
      'batch.size': BATCH_SIZE_BYTES,
      'linger.ms': LINGER_MS,
      'max.in.flight.requests.per.connection': IN_FLIGHT,
      'partitioner.class': 'uniform-sticky',
    },
    { observer: { onBatchSettled: (batch) => window.acknowledged(batch.recordCount) } },
  );
  await producer.partitionsFor(run.topic);
  const record = { topic: run.topic, value: createValue(run.recordSizeBytes) };
  const maxOutstanding = Math.max(1, Math.floor(OUTSTANDING_BYTES / run.recordSizeBytes));
  let outstanding = 0;
  const settled = (error: Error | null): void => {
    if (error !== null) throw error;
    outstanding--;
    settledInBatch++;
  };
  await new Promise<void>((resolve) => {
    const step = (): void => {
      if (window.expired) {
        resolve();
        return;
      }
      for (let sent = 0; sent < BURST_RECORDS && outstanding < maxOutstanding; sent++) {
        outstanding++;
        producer.send(record, settled);
      }
      setImmediate(step);
    };
    step();
  });
  const figures = window.figures();
  await producer.close();
  if (settledInBatch === 0) throw new Error('nothing was acknowledged');
  return figures;
}
