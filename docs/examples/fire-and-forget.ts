// Fire and forget: nothing is told of single records. What failed shows in the totals.
import { Producer } from 'tidemark';

const servers = process.env['BOOTSTRAP_SERVERS'] ?? 'localhost:9092';
await using producer = new Producer({ 'bootstrap.servers': servers, acks: 1, 'enable.idempotence': false });

for (let index = 0; index < 1000; index++) {
  const taken = producer.send({ topic: 'clicks', value: `click ${index}` }, null);
  // False: it waits for memory or metadata. Whoever heeds that never piles up records.
  if (!taken) await producer.flush();
}

await producer.flush();
const { acknowledgedRecords, failedRecords } = producer.stats();
console.log(`${acknowledgedRecords} acknowledged, ${failedRecords} failed`);
