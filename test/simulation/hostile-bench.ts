import assert from 'node:assert/strict';
import { TidemarkError } from '../../core/base/errors.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { Producer } from '../../core/producer/producer.ts';
import { VirtualClock } from '../core/base/virtual-clock.ts';
import type { ClusterShape } from './cluster-shape.ts';
import { ModelCluster } from './model-cluster.ts';
import type { OutgoingAnswer } from './model-session.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { WatchedClock } from './watched-clock.ts';

export const MAX_BLOCK_MS = 1000;
export const REQUEST_TIMEOUT_MS = 300;
export const DELIVERY_TIMEOUT_MS = 1500;
/** Timers are whole milliseconds, and the network takes some. */
const SLACK_MS = 10;

const PROPERTIES = {
  'enable.idempotence': false,
  acks: 'all',
  'linger.ms': 0,
  'max.block.ms': MAX_BLOCK_MS,
  'request.timeout.ms': REQUEST_TIMEOUT_MS,
  'delivery.timeout.ms': DELIVERY_TIMEOUT_MS,
  'socket.connection.setup.timeout.ms': 200,
  'socket.connection.setup.timeout.max.ms': 400,
  'retry.backoff.ms': 20,
  'retry.backoff.max.ms': 100,
  'reconnect.backoff.ms': 20,
  'reconnect.backoff.max.ms': 100,
  'buffer.memory': 1_000_000,
};

const SHAPE: ClusterShape = {
  brokers: 1,
  topics: { t: 1 },
  produceVersion: 12,
  metadataVersion: 12,
  maxMessageBytes: 100_000,
  hints: false,
};

/** How a record ended. */
export interface Ending {
  readonly record: string;
  /** Null: acknowledged. */
  readonly kind: string | null;
  readonly message: string;
  readonly offset: number;
  readonly tookMs: number;
}

/** A producer against a cluster that a test makes hostile; every record's ending is written down. */
export class HostileBench {
  readonly clock = new VirtualClock();
  readonly watched = new WatchedClock(this.clock);
  readonly network = new SimulatedNetwork(this.clock, new SeededRandom(7, 1));
  readonly cluster: ModelCluster;
  readonly producer: Producer;
  readonly endings: Ending[] = [];
  #sent = 0;

  constructor(properties: Record<string, string | number | boolean> = {}, shape: Partial<ClusterShape> = {}) {
    this.cluster = new ModelCluster(
      { ...SHAPE, ...shape },
      { clock: this.clock, random: new SeededRandom(7, 2), network: this.network, trace: () => undefined },
    );
    this.producer = new Producer(
      { ...PROPERTIES, 'bootstrap.servers': this.cluster.bootstrapServers, ...properties },
      { clock: this.watched, random: new SeededRandom(7, 3), network: this.network },
    );
  }

  /** Spoils the answers of one API: `how` writes what it likes, or returns false to let it pass. */
  spoil(api: { readonly key: number }, how: (answer: OutgoingAnswer, nth: number) => boolean): void {
    let nth = 0;
    this.cluster.tamper = (answer) => {
      const isSpoilt = answer.apiKey === api.key && how(answer, nth++);
      if (!isSpoilt) answer.write(answer.frame);
    };
  }

  send(partition = 0): void {
    const record = `${this.#sent++}`;
    const sentNs = this.clock.nowNs();
    this.producer.send({ topic: 't', partition, value: record }, (error, { offset }) => {
      assert.ok(error === null || error instanceof TidemarkError);
      const tookMs = (this.clock.nowNs() - sentNs) / 1e6;
      this.endings.push({ record, kind: error?.kind ?? null, message: error?.message ?? '', offset, tookMs });
    });
  }

  /** Sends one record and lets time pass until it must have ended. */
  async ending(): Promise<Ending> {
    this.send();
    await this.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS + SLACK_MS);
    assert.equal(
      this.endings.length,
      this.#sent,
      'every record ends exactly once, within the configured times',
    );
    return this.endings.at(-1)!;
  }

  /** Closes, and checks that nothing is left. */
  async finish(): Promise<void> {
    await this.clock.runUntil(this.producer.close(), DELIVERY_TIMEOUT_MS + MAX_BLOCK_MS);
    await this.clock.settle();
    assert.equal(this.endings.length, this.#sent, 'every record ends exactly once');
    assert.equal(this.watched.pendingTimers, 0, 'no timer is left');
    assert.equal(this.network.openClients, 0, 'no connection is left');
    const { bufferMemoryBytes } = this.producer.config;
    assert.equal(this.producer.bufferAvailableBytes, bufferMemoryBytes, 'all memory is given back');
  }
}
