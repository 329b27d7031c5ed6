// Promises: records are sent at once and travel in batches; each promise settles with its own record.
import { Producer, TidemarkError } from 'tidemark';

const servers = process.env['BOOTSTRAP_SERVERS'] ?? 'localhost:9092';
await using producer = new Producer({ 'bootstrap.servers': servers });

const sends = ['a', 'b', 'c'].map((value) => producer.send({ topic: 'letters', value }));
for (const outcome of await Promise.allSettled(sends)) {
  if (outcome.status === 'fulfilled') {
    console.log(`acknowledged at ${outcome.value.partition}:${outcome.value.offset}`);
  } else if (outcome.reason instanceof TidemarkError) {
    const { kind, message, retriable } = outcome.reason;
    console.log(`failed: ${kind}${retriable ? ' (may succeed later)' : ''}: ${message}`);
  }
}
