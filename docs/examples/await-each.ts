// Synchronous: each record is acknowledged before the next is sent. Safest to reason about, and slow: one round
// trip per record, and linger.ms=0 so that nothing waits for company that does not come.
import { Producer } from 'tidemark';

const servers = process.env['BOOTSTRAP_SERVERS'] ?? 'localhost:9092';
await using producer = new Producer({ 'bootstrap.servers': servers, 'linger.ms': 0 });

for (const step of ['ordered', 'paid', 'shipped']) {
  const { partition, offset } = await producer.send({ topic: 'orders', key: 'order-17', value: step });
  console.log(`${step}: partition ${partition}, offset ${offset}`);
}
