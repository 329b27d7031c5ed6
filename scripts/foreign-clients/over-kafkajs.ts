import kafkajs from 'kafkajs';
import type { Production } from './check-records.ts';

const BATCH_RECORDS = 500;
const CODECS = { none: kafkajs.CompressionTypes.None, gzip: kafkajs.CompressionTypes.GZIP } as const;

export async function produceWithKafkajs(
  servers: string,
  topic: string,
  { codec, records, isIdempotent = false }: Production,
): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: servers.split(','), logLevel: kafkajs.logLevel.ERROR });
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    idempotent: isIdempotent,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  try {
    for (let at = 0; at < records.length; at += BATCH_RECORDS) {
      const messages = records.slice(at, at + BATCH_RECORDS).map(({ key, value, headers, timestampMs }) => ({
        key,
        value,
        headers,
        timestamp: String(timestampMs),
      }));
      await producer.send({ topic, messages, compression: CODECS[codec as keyof typeof CODECS] });
    }
  } finally {
    await producer.disconnect();
  }
}
