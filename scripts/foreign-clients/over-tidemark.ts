import { Consumer } from '../../core/consumer/consumer.ts';
import { Producer } from '../../core/producer/producer.ts';
import { lineOf, type Production } from './check-records.ts';

const POLL_MS = 5_000;

export async function produceWithTidemark(
  servers: string,
  topic: string,
  { codec, records, isIdempotent = false }: Production,
): Promise<void> {
  const producer = new Producer({
    'bootstrap.servers': servers,
    'compression.type': codec,
    'enable.idempotence': isIdempotent,
    'linger.ms': 5,
    acks: 'all',
  });
  try {
    const sent = records.map(({ key, value, headers, timestampMs }) =>
      producer.send({
        topic,
        key,
        value,
        headers: Object.entries(headers).map(([name, text]) => ({ key: name, value: text })),
        timestamp: timestampMs!,
      }),
    );
    await Promise.all(sent);
  } finally {
    await producer.close();
  }
}

export async function readWithTidemark(
  servers: string,
  topic: string,
  recordCount: number,
): Promise<string[]> {
  const consumer = new Consumer({ 'bootstrap.servers': servers, 'auto.offset.reset': 'earliest' });
  try {
    consumer.assign(await partitionsOf(servers, topic));
    const lines: string[] = [];
    while (lines.length < recordCount) {
      const records = await consumer.poll(POLL_MS);
      if (records.length === 0) break;
      for (const { key, value, headers, timestamp } of records) {
        lines.push(
          lineOf({
            key: text(key),
            value: text(value),
            headers: headers.map((header) => [header.key, text(header.value)]),
            timestampMs: timestamp,
          }),
        );
      }
    }
    return lines;
  } finally {
    await consumer.close();
  }
}

async function partitionsOf(servers: string, topic: string): Promise<{ topic: string; partition: number }[]> {
  const producer = new Producer({ 'bootstrap.servers': servers });
  try {
    return (await producer.partitionsFor(topic)).map(({ partition }) => ({ topic, partition }));
  } finally {
    await producer.close();
  }
}

function text(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('utf8');
}
