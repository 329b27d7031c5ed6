// What can go wrong, with a deadline for the whole, and the figures of the Java producer.
import { Producer, TidemarkError } from 'tidemark';

const servers = process.env['BOOTSTRAP_SERVERS'] ?? 'localhost:9092';
const producer = new Producer<string, number>(
  {
    'bootstrap.servers': servers,
    'max.block.ms': 2000,
    'delivery.timeout.ms': 10_000,
    'request.timeout.ms': 5000,
  },
  { valueSerializer: 'integer', observer: { onWarning: (message) => console.warn(message) } },
);

try {
  await producer.send({ topic: 'readings', value: 21 }, { signal: AbortSignal.timeout(5000) });
  await producer.send({ topic: 'readings', value: 21.5 });
} catch (error) {
  if (!(error instanceof TidemarkError)) throw error;
  console.log(`${error.kind}: ${error.message}`);
  if (error.hint !== null) console.log(error.hint);
}

const metrics = producer.metricValues();
console.log(`records sent: ${metrics['record-send-total']}, errors: ${metrics['record-error-total']}`);
for (const { name, group, tags, value } of producer.metrics()) {
  if (group === 'producer-topic-metrics' && name === 'byte-total')
    console.log(`${tags['topic']}: ${value > 0}`);
}
// What is not acknowledged by then fails with PRODUCER_CLOSED.
await producer.close({ timeoutMs: 5000 });
