/** @platformatic/kafka as a driver of `npm run bench:peers`. */
import { ProduceAcks, Producer } from '@platformatic/kafka';
import type { DriverRun } from '../driver-run.ts';
import { cutIntoCalls, keepUnderWay, recordsPerCall } from './call-lanes.ts';
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
  const perCall = recordsPerCall(run, payloads.length);
  const calls = cutIntoCalls(payloads, perCall).flatMap((call) =>
    Array.from({ length: run.partitions }, (_, partition) =>
      call.map((value) => ({ topic: run.topic, value, partition })),
    ),
  );
  let nextCall = 0;
  let acknowledged = 0;
  return {
    get acknowledged() {
      return acknowledged;
    },
    run: (durationMs) =>
      keepUnderWay(run.maxInFlight, durationMs, async () => {
        const messages = calls[nextCall++ % calls.length]!;
        await producer.send({ messages });
        acknowledged += messages.length;
      }),
    close: () => producer.close(),
    settings: {
      'records per send()': perCall,
      'send() under way': run.maxInFlight,
      maxInflights: run.maxInFlight,
      acks: run.acks,
      idempotent: run.isIdempotent,
      compression: run.compression,
      linger: 'none',
    },
  };
}

await drive('@platformatic/kafka', start);
