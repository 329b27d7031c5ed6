import { Consumer } from '../../core/consumer/consumer.ts';
import type { ConsumerRecord } from '../../core/consumer/consumer-record.ts';

const POLL_MS = 500;
const READ_TIMEOUT_MS = 60_000;

/** Everything that a topic holds now, by partition, in the order of offsets; Tidemark's consumer reads it. */
export async function readTopic(
  bootstrapServers: string,
  topic: string,
  partitionCount: number,
): Promise<ConsumerRecord[][]> {
  const partitions = Array.from({ length: partitionCount }, (_, partition) => ({ topic, partition }));
  const consumer = new Consumer({ 'bootstrap.servers': bootstrapServers, 'auto.offset.reset': 'earliest' });
  try {
    const ends = await consumer.endOffsets(partitions);
    const records: ConsumerRecord[][] = partitions.map(() => []);
    const isDone = () =>
      ends.every(({ partition, offset }) => (consumer.position(topic, partition) ?? -1) >= offset);
    consumer.assign(partitions);
    const deadline = performance.now() + READ_TIMEOUT_MS;
    while (!isDone()) {
      if (performance.now() > deadline) throw new Error(`${topic} was not read within ${READ_TIMEOUT_MS} ms`);
      for (const record of await consumer.poll(POLL_MS)) records[record.partition]!.push(record);
    }
    return records;
  } finally {
    await consumer.close();
  }
}
