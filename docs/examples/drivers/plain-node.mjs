/**
 * A program that speaks the driver protocol by itself: `--driver "node plain-node.mjs"`. In this way anything that can
 * read and write lines is a driver, in any language. This one makes its own load around kafkajs.
 */
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import kafkajs from 'kafkajs';

const { Kafka, logLevel, Partitioners } = kafkajs;
const now = () => Number(process.hrtime.bigint());
const cpu = () => process.cpuUsage().user * 1000 + process.cpuUsage().system * 1000;
const answer = (fields) => process.stdout.write(`${JSON.stringify(fields)}\n`);

let producer;
let topic;
let load;
let values;
let acknowledged = 0;

async function connect(command) {
  ({ topic, load } = command);
  const unknown = Object.keys(command.properties);
  if (unknown.length > 0) throw new Error(`this driver takes no properties, got ${unknown.join(', ')}`);
  // The pool is made before any clock starts. Here every value is different text of the right size.
  values = Array.from({ length: load.poolSize }, (_, index) =>
    Buffer.alloc(load.recordSizeBytes, `${load.seed} ${index} the quick brown fox jumps over the lazy dog `),
  );
  const brokers = command.bootstrapServers.split(',');
  const createPartitioner = Partitioners.DefaultPartitioner;
  producer = new Kafka({ brokers, logLevel: logLevel.ERROR }).producer({ createPartitioner });
  await producer.connect();
  answer({ type: 'ready' });
}

async function send(first, count) {
  const messages = Array.from({ length: count }, (_, i) => ({ value: values[(first + i) % values.length] }));
  await producer.send({ topic, messages });
  acknowledged += count;
}

/** `inFlight / recordsPerSend` lanes, each sending again once its records are acknowledged. */
async function closed({ durationMs }) {
  const before = acknowledged;
  const [startNs, startCpuNs] = [now(), cpu()];
  const lane = async () => {
    while (now() < startNs + durationMs * 1e6) await send(acknowledged, load.recordsPerSend);
  };
  const lanes = Math.max(1, Math.floor(load.inFlight / load.recordsPerSend));
  await Promise.all(Array.from({ length: lanes }, lane));
  const records = acknowledged - before;
  answer({ type: 'segment', records, wallNs: now() - startNs, cpuNs: cpu() - startCpuNs });
}

/** Record k is due at start + k / rate; its latency runs from there, late or not. */
async function open({ durationMs, recordsPerSecond }) {
  const [startNs, startCpuNs] = [now(), cpu()];
  const slotNs = (k) => startNs + (k * 1e9) / recordsPerSecond;
  const due = Math.max(1, Math.ceil((durationMs * recordsPerSecond) / 1000));
  const latencies = [];
  const sends = [];
  for (let next = 0; next < due; ) {
    const first = next;
    while (next < due && next - first < load.recordsPerSend && slotNs(next) <= now()) next++;
    if (next === first) {
      await delay((slotNs(next) - now()) / 1e6);
      continue;
    }
    const last = next;
    const settle = () => {
      for (let k = first; k < last; k++) latencies.push(now() - slotNs(k));
    };
    sends.push(send(first, last - first).then(settle));
  }
  await Promise.all(sends);
  latencies.sort((a, b) => a - b);
  const quantile = (share) => latencies[Math.ceil(share * due) - 1];
  const latencyNs = { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) };
  answer({ type: 'segment', records: due, wallNs: now() - startNs, cpuNs: cpu() - startCpuNs, latencyNs });
}

async function finish() {
  await producer.disconnect();
  answer({ type: 'finished', acknowledged });
  process.exit(0);
}

const commands = { connect, closed, open, finish };
try {
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    await commands[command.type](command);
  }
} catch (error) {
  // What is printed beside answers is shown to the user when something went wrong.
  console.error(error);
  answer({ type: 'error', message: error.message });
}
// Standard input ended: nobody listens any more.
process.exit(1);
