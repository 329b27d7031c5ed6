import { Kafka, logLevel } from 'kafkajs';
import {
  type ClientFigures,
  type ClientRun,
  closedLoopOfCalls,
  createValue,
  recordsPerBatch,
  Window,
} from './client-run.ts';

/** kafkajs batches what one call of send() is given: as many records per partition as fill a batch, 5 calls under way. */
export async function runKafkajs(run: ClientRun): Promise<ClientFigures> {
  const kafka = new Kafka({ brokers: run.bootstrapServers.split(','), logLevel: logLevel.ERROR });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    maxInFlightRequests: 5,
    idempotent: false,
  });
  await producer.connect();
  const value = createValue(run.recordSizeBytes);
  const perCall = recordsPerBatch(run.recordSizeBytes) * run.partitions;
  const messages = Array.from({ length: perCall }, (_, index) => ({
    value,
    partition: index % run.partitions,
  }));
  const window = new Window(run);
  await closedLoopOfCalls(window, perCall, () => producer.send({ topic: run.topic, acks: 1, messages }));
  await producer.disconnect();
  return window.figures();
}
