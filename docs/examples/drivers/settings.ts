/** Your own settings as a driver: what your service really does around the producer, measured before you merge. */
import { Producer } from 'tidemark';
import type { Driver } from 'tidemark/driver';

const SETTINGS = { 'linger.ms': 5, 'compression.type': 'gzip', 'client.id': 'orders' };

const driver: Driver = {
  async connect({ bootstrapServers, topic, properties }) {
    // What the command line gives comes last.
    const producer = new Producer({ ...SETTINGS, ...properties, 'bootstrap.servers': bootstrapServers });
    await producer.ready();
    return {
      // One promise for each record, as the service awaits them.
      send: (records) => Promise.all(records.map(({ key, value }) => producer.send({ topic, key, value }))),
      close: () => producer.close(),
    };
  },
};

export default driver;
