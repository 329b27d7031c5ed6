/**
 * `npm run kafka -- [--brokers 3] [--tls] [--sasl]`: Apache Kafka 4.1 to try things out with. Prints where each
 * listener is and what a client is to be told, stays until Ctrl-C, and leaves nothing behind.
 */
import { parseArgs } from 'node:util';
import { endWithParent } from './kafka/bound-process.ts';
import { KafkaUnavailableError } from './kafka/java-runtime.ts';
import { LISTENERS, type ListenerName, SASL_MECHANISMS, usesSasl } from './kafka/listeners.ts';
import { type KafkaCluster, startKafka } from './kafka/start-kafka.ts';

const USAGE = 'usage: npm run kafka -- [--brokers 1|3] [--tls] [--sasl]';
const EXIT_USAGE = 2;
const EXIT_UNAVAILABLE = 4;
const EXIT_INTERRUPTED = 130;

interface Asked {
  readonly brokers: 1 | 3;
  readonly listeners: ListenerName[];
}

function readArguments(): Asked {
  const { values } = parseArgs({
    options: {
      brokers: { type: 'string', default: '1' },
      tls: { type: 'boolean', default: false },
      sasl: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  if (values.brokers !== '1' && values.brokers !== '3') {
    throw new Error(`--brokers is 1 or 3, got ${values.brokers}`);
  }
  const listeners: ListenerName[] = ['plain'];
  if (values.tls) listeners.push('tls', 'mtls');
  if (values.sasl) listeners.push('sasl-plain-text');
  if (values.tls && values.sasl) listeners.push('sasl-tls');
  return { brokers: values.brokers === '3' ? 3 : 1, listeners };
}

/** Per way in, the lines of a Java properties file, which --producer.config takes too. */
function describe(cluster: KafkaCluster, listeners: readonly ListenerName[]): string {
  return listeners
    .flatMap((name) =>
      (usesSasl(name) ? SASL_MECHANISMS : [undefined]).map((mechanism) => {
        const properties = Object.entries(cluster.clientProperties(name, mechanism));
        const title = `# ${name} (${LISTENERS[name].protocol})${mechanism === undefined ? '' : ` with ${mechanism}`}`;
        return [title, ...properties.map(([key, value]) => `${key}=${value}`)].join('\n');
      }),
    )
    .join('\n\n');
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

let asked: Asked;
try {
  asked = readArguments();
} catch (error) {
  fail(`${(error as Error).message}\n${USAGE}`, EXIT_USAGE);
}

endWithParent();
let isInterrupted = false;
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isInterrupted = true;
      resolve();
    });
  }
});
// Brokers that are still starting end with this process.
interrupted.then(() => setTimeout(() => process.exit(EXIT_INTERRUPTED), 5_000).unref());

console.error(`Starting Apache Kafka with ${asked.brokers} broker(s) ...`);
try {
  const starting = startKafka(asked);
  await Promise.race([starting, interrupted]);
  if (!isInterrupted) {
    const cluster = await starting;
    console.log(describe(cluster, asked.listeners));
    console.log(`\n# bootstrap servers: ${cluster.bootstrapServers}`);
    console.log(
      '# Lines as above go into a file for --producer.config, or one by one after --producer-property.',
    );
    console.log('# Ctrl-C ends it.');
    const awake = setInterval(() => {}, 60_000);
    await interrupted;
    clearInterval(awake);
    await cluster.close();
  }
  process.exit(EXIT_INTERRUPTED);
} catch (error) {
  if (error instanceof KafkaUnavailableError) fail(error.message, EXIT_UNAVAILABLE);
  throw error;
}
