import { ProduceAcks, Producer } from '@platformatic/kafka';
import {
  type ClientFigures,
  type ClientRun,
  closedLoopOfCalls,
  createValue,
  recordsPerBatch,
  Window,
} from './client-run.ts';

/** @platformatic/kafka batches what one call of send() is given: as many records per partition as fill a batch, 5 calls under way. */
export async function runPlatformatic(run: ClientRun): Promise<ClientFigures> {
  const producer = new Producer({
    clientId: 'bench',
    bootstrapBrokers: run.bootstrapServers.split(','),
    acks: ProduceAcks.LEADER,
    idempotent: false,
    autocreateTopics: false,
  });
  const value = createValue(run.recordSizeBytes);
  const perCall = recordsPerBatch(run.recordSizeBytes) * run.partitions;
  const messages = Array.from({ length: perCall }, (_, index) => ({
    topic: run.topic,
    value,
    partition: index % run.partitions,
  }));
  const window = new Window(run);
  await closedLoopOfCalls(window, perCall, () => producer.send({ messages }));
  await producer.close();
  return window.figures();
}
