/** @platformatic/kafka as a driver: `--base client:@platformatic/kafka`, or a copy of this file with your settings. */
import { Producer } from '@platformatic/kafka';
import type { Driver } from 'tidemark/driver';

const ACKS: Record<string, number> = { all: -1, '-1': -1, '1': 1, '0': 0 };
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const HONOURED = ['acks', 'compression.type', 'client.id', 'max.in.flight.requests.per.connection'];

const driver: Driver = {
  async connect({ bootstrapServers, topic, properties }) {
    // A property passed over in silence would compare other settings than the user believes.
    const refused = Object.keys(properties).filter((name) => !HONOURED.includes(name));
    if (refused.length > 0) {
      throw new Error(`@platformatic/kafka has no ${refused.join(', ')}; it has ${HONOURED.join(', ')}`);
    }
    const acks = ACKS[properties['acks'] ?? 'all'];
    const compression = CODECS.find((codec) => codec === (properties['compression.type'] ?? 'none'));
    if (acks === undefined) throw new Error('acks must be all, 1 or 0');
    if (compression === undefined) throw new Error(`compression.type must be one of ${CODECS.join(', ')}`);
    const producer = new Producer<Buffer, Buffer>({
      clientId: properties['client.id'] ?? 'driver',
      bootstrapBrokers: bootstrapServers.split(','),
      acks,
      compression,
      autocreateTopics: false,
      maxInflights: Number(properties['max.in.flight.requests.per.connection'] ?? 5),
    });
    return {
      send: (records) =>
        producer.send({
          messages: records.map(({ key, value }) =>
            key === null ? { topic, value } : { topic, key, value },
          ),
        }),
      close: () => producer.close(),
    };
  },
};

export default driver;
