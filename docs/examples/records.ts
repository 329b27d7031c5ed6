// Everything that a record can have, serializers and an interceptor, and reading it back.
import { Consumer, Producer, type ProducerInterceptor } from 'tidemark';

interface Order {
  readonly id: number;
  readonly total: number;
}

const servers = process.env['BOOTSTRAP_SERVERS'] ?? 'localhost:9092';

const tracing: ProducerInterceptor<string, Order> = {
  onSend: (record) => ({ ...record, headers: { ...record.headers, 'trace-id': 'f00d' } }),
  onAcknowledgement: ({ offset }, error) => console.log(error === null ? `at offset ${offset}` : error.kind),
};

await using producer = new Producer<string, Order>(
  { 'bootstrap.servers': servers },
  { keySerializer: 'string', valueSerializer: 'json', interceptors: [tracing] },
);
await producer.send({
  topic: 'priced-orders',
  key: 'customer-3',
  value: { id: 17, total: 9.5 },
  headers: { source: 'shop' },
  timestamp: Date.UTC(2026, 0, 1),
  partition: 0,
});

await using consumer = new Consumer<string, Order>(
  { 'bootstrap.servers': servers, 'auto.offset.reset': 'earliest' },
  { keyDeserializer: 'string', valueDeserializer: 'json' },
);
consumer.assign([{ topic: 'priced-orders', partition: 0 }]);
for (const { key, value, timestamp, headers } of await consumer.poll(5000)) {
  const names = headers.map((header) => `${header.key}=${header.value}`).join(' ');
  console.log(`${key}: ${value?.total} at ${new Date(timestamp).toISOString()} ${names}`);
}
