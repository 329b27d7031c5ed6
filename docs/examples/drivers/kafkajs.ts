/** kafkajs as a driver: `--base client:kafkajs`, or a copy of this file with the settings of your own producer. */
import kafkajs from 'kafkajs';
import type { Driver } from 'tidemark/driver';

const { CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;

const ACKS: Record<string, number> = { all: -1, '-1': -1, '1': 1, '0': 0 };
const CODECS: Record<string, number> = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP };
const HONOURED = ['acks', 'compression.type', 'client.id', 'max.in.flight.requests.per.connection'];

const driver: Driver = {
  async connect({ bootstrapServers, topic, properties }) {
    // A property passed over in silence would compare other settings than the user believes.
    const refused = Object.keys(properties).filter((name) => !HONOURED.includes(name));
    if (refused.length > 0)
      throw new Error(`kafkajs has no ${refused.join(', ')}; it has ${HONOURED.join(', ')}`);
    const acks = ACKS[properties['acks'] ?? 'all'];
    const compression = CODECS[properties['compression.type'] ?? 'none'];
    if (acks === undefined) throw new Error('acks must be all, 1 or 0');
    if (compression === undefined) throw new Error('compression.type must be none or gzip');
    const kafka = new Kafka({
      clientId: properties['client.id'] ?? 'driver',
      brokers: bootstrapServers.split(','),
      logLevel: logLevel.ERROR,
    });
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      // The Java client's murmur2, as Tidemark's default.
      createPartitioner: Partitioners.DefaultPartitioner,
      maxInFlightRequests: Number(properties['max.in.flight.requests.per.connection'] ?? 5),
    });
    await producer.connect();
    return {
      send: (records) => producer.send({ topic, acks, compression, messages: [...records] }),
      close: () => producer.disconnect(),
    };
  },
};

export default driver;
