import type { TidemarkError } from '../../../core/base/errors.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { Producer, type RecordMetadata, type SettledBatch } from '../../../core/producer/producer.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeCluster } from './fake-cluster.ts';

/** A producer on a clock and a cluster that stand still until told. */
export interface Bench {
  clock: VirtualClock;
  cluster: FakeCluster;
  producer: Producer;
  /** Outcomes of records sent with `send`, in the order told: value, error kind or offset. */
  told: string[];
  settled: SettledBatch[];
  send(value: string, more?: { partition?: number; topic?: string; timestamp?: number }): boolean;
}

/** A producer of linger.ms=0 over a fake cluster whose topic `t` has these leaders. */
export function start(properties: Record<string, string | number> = {}, leaders = [0]): Bench {
  const clock = new VirtualClock();
  const cluster = new FakeCluster().setTopic('t', leaders);
  const told: string[] = [];
  const settled: SettledBatch[] = [];
  const producer = new Producer(
    { 'linger.ms': 0, ...properties },
    {
      clock,
      random: new SeededRandom(1),
      connect: async () => cluster,
      observer: { onBatchSettled: (batch) => settled.push(batch) },
    },
  );
  return {
    clock,
    cluster,
    producer,
    told,
    settled,
    send: (value, more = {}) =>
      producer.send(
        { topic: 't', partition: 0, value, ...more },
        (error: TidemarkError | null, metadata: RecordMetadata) =>
          told.push(`${value}:${error === null ? metadata.offset : error.kind}`),
      ),
  };
}

/** Past the first send, whose topic has to be looked up. */
export async function warm(properties: Record<string, string | number> = {}, leaders = [0]): Promise<Bench> {
  const bench = start(properties, leaders);
  bench.send('warm');
  await bench.clock.advance(Number(properties['linger.ms'] ?? 0));
  const request = bench.cluster.take();
  if (request.acks === 0) request.written();
  else request.respond();
  await bench.clock.settle();
  bench.told.length = 0;
  bench.settled.length = 0;
  return bench;
}
