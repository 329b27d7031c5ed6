/** @platformatic/kafka as a driver of `npm run bench:peers`. */
import { ProduceAcks, Producer } from '@platformatic/kafka';
import type { DriverRun } from '../driver-run.ts';
import { CallLoad } from './call-lanes.ts';
import { drive, type NodeLoad } from './node-load.ts';

async function start(run: DriverRun, payloads: readonly Buffer[]): Promise<NodeLoad> {
  const producer = new Producer({
    clientId: 'bench-peers',
    bootstrapBrokers: run.bootstrapServers.split(','),
    acks: run.acks === 'all' ? ProduceAcks.ALL : ProduceAcks.LEADER,
    idempotent: run.isIdempotent,
    compression: run.compression,
    autocreateTopics: false,
    maxInflights: run.maxInFlight,
  });
  return new CallLoad(run, payloads, {
    message: (value, partition) => ({ topic: run.topic, value, partition }),
    send: (messages) => producer.send({ messages }),
    close: () => producer.close(),
    settings: { maxInflights: run.maxInFlight },
  });
}

await drive('@platformatic/kafka', start);
