// Callbacks: the fastest form that tells of every record. One function serves all of them; the third argument
// (a number or an object) comes back with each.
import { type DeliveryCallback, Producer } from 'tidemark';

const servers = process.env['BOOTSTRAP_SERVERS'] ?? 'localhost:9092';
await using producer = new Producer({ 'bootstrap.servers': servers, 'compression.type': 'lz4' });

let acknowledged = 0;
const onDelivery: DeliveryCallback = (error, metadata, line) => {
  if (error === null) acknowledged++;
  else console.error(`line ${line} to ${metadata.topic}: ${error.kind}: ${error.message}`);
};

for (let line = 0; line < 1000; line++) {
  const taken = producer.send({ topic: 'log-lines', value: `line ${line}` }, onDelivery, line);
  if (!taken) await producer.flush();
}
await producer.flush();
console.log(`${acknowledged} acknowledged`);
