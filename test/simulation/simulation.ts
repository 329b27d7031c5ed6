import { TidemarkError } from '../../core/base/errors.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { Producer } from '../../core/producer/producer.ts';
import { VirtualClock } from '../core/base/virtual-clock.ts';
import { ModelCluster } from './model-cluster.ts';
import type { PlannedRecord, Schedule, Step, TimedFault } from './schedule.ts';
import { Settlements } from './settlements.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { WatchedClock } from './watched-clock.ts';

/** Beyond the configured times: timers are whole milliseconds. */
export const SLACK_MS = 5;
/** Between two looks at what is settled. */
const PATIENCE_MS = 50;
/** Attempts to connect and pauses that began before the healing are over by then. */
const RECOVERY_MS = 4000;

/** One schedule under way: a producer, a cluster and a network, all driven by one virtual clock. */
export class Simulation {
  readonly schedule: Schedule;
  readonly clock = new VirtualClock();
  readonly watched = new WatchedClock(this.clock);
  readonly network: SimulatedNetwork;
  readonly cluster: ModelCluster;
  readonly producer: Producer;
  readonly settlements = new Settlements(this.clock);
  /** What was found to be wrong while it ran. */
  readonly problems: string[] = [];
  readonly lines: string[] = [];
  /** Promises of flush() and the like, by what was asked. */
  readonly #asked: Promise<unknown>[] = [];
  readonly #startNs: number;
  readonly #isTraced: boolean;
  #closing: Promise<void> | null = null;

  constructor(schedule: Schedule, isTraced: boolean) {
    this.schedule = schedule;
    this.#isTraced = isTraced;
    this.#startNs = this.clock.nowNs();
    const { seed, shape, properties } = schedule;
    this.network = new SimulatedNetwork(this.clock, new SeededRandom(seed, 2));
    this.cluster = new ModelCluster(shape, {
      clock: this.clock,
      random: new SeededRandom(seed, 3),
      network: this.network,
      trace: (line) => this.trace(line),
    });
    this.producer = new Producer(
      { ...properties, 'bootstrap.servers': this.cluster.bootstrapServers },
      { clock: this.watched, random: new SeededRandom(seed, 4), network: this.network },
    );
  }

  /** Faults first, then healing; then all that was sent must settle, and new records must arrive. */
  async run(): Promise<void> {
    const { schedule, clock } = this;
    this.network.weather = schedule.weather;
    this.cluster.mischief = schedule.mischief;
    for (const fault of schedule.faults) clock.setTimer(() => this.#strike(fault), fault.atMs);
    clock.setTimer(() => this.#heal(), schedule.healAtMs);
    for (const step of schedule.steps) {
      await clock.advance(step.afterMs);
      this.#take(step);
    }
    await clock.advance(Math.max(0, schedule.healAtMs - this.#nowMs));
    await this.#finishAll();
    if (this.#closing === null) await this.#probe();
    this.#close(null);
    await this.#within(this.#closing!, 'close()');
    await clock.settle();
  }

  trace(line: () => string): void {
    if (this.#isTraced) this.lines.push(`${this.#nowMs.toFixed(1)} ${line()}`);
  }

  get isIdle(): boolean {
    return this.watched.pendingTimers === 0 && this.network.openClients === 0;
  }

  /** What any record may take from send() to its end. */
  get longestMs(): number {
    const { maxBlockMs, deliveryTimeoutMs } = this.producer.config;
    return maxBlockMs + deliveryTimeoutMs + SLACK_MS;
  }

  get #nowMs(): number {
    return (this.clock.nowNs() - this.#startNs) / 1e6;
  }

  #take(step: Step): void {
    for (const record of step.records) this.#send(record);
    switch (step.asks) {
      case 'flush':
        this.#asked.push(this.producer.flush());
        break;
      case 'partitionsFor':
        this.#asked.push(this.#askForPartitions(step.records[0]!.topic));
        break;
      case 'close':
        this.#close(this.schedule.closeTimeoutMs);
        break;
      case 'nothing':
        break;
    }
  }

  async #askForPartitions(topic: string): Promise<void> {
    const askedNs = this.clock.nowNs();
    await this.producer.partitionsFor(topic).catch(() => null);
    const tookMs = (this.clock.nowNs() - askedNs) / 1e6;
    if (tookMs > this.producer.config.maxBlockMs + SLACK_MS)
      this.problems.push(`partitionsFor(${topic}) took ${tookMs} ms`);
  }

  #send(planned: PlannedRecord): void {
    const { id, topic, partition, key, valueBytes, form } = planned;
    const value = `${id}`.padEnd(valueBytes, '.');
    const record = { topic, key, value, ...(partition === undefined ? {} : { partition }) };
    if (this.#closing !== null) {
      this.#sendAfterClose(record);
      return;
    }
    this.trace(() => `send ${id} to ${topic}-${partition ?? `(${key})`}, ${form}`);
    const settlement = this.settlements.open(planned);
    if (form === 'forget') {
      this.producer.send(record, null);
    } else if (form === 'callback') {
      this.producer.send(record, this.settlements.onDelivered, settlement);
    } else {
      this.producer.send(record).then(
        (metadata) => this.settlements.settle(settlement, null, metadata),
        (error) => this.settlements.settle(settlement, error, null),
      );
    }
  }

  #sendAfterClose(record: { topic: string; value: string }): void {
    try {
      this.producer.send(record, null);
      this.problems.push('send() after close() was accepted');
    } catch (error) {
      if ((error as { kind?: string }).kind !== 'PRODUCER_CLOSED')
        this.problems.push(`send() after close() threw ${error}`);
    }
  }

  #close(timeoutMs: number | null): void {
    if (this.#closing !== null) return;
    this.trace(() => `close within ${timeoutMs}`);
    this.#closing = this.producer.close(timeoutMs === null ? {} : { timeoutMs });
  }

  /** flush() and partitionsFor() end, and so does every record. */
  async #finishAll(): Promise<void> {
    await this.#within(Promise.allSettled(this.#asked), 'flush() or partitionsFor()');
    // What lingers is sent by itself, also without a flush.
    const { settlements, producer } = this;
    for (let waitedMs = 0; waitedMs < this.longestMs; waitedMs += PATIENCE_MS) {
      const { acknowledgedRecords, failedRecords } = producer.stats();
      const isDone = acknowledgedRecords + failedRecords >= settlements.all.length;
      if (isDone && settlements.pending.length === 0) return;
      await this.clock.advance(PATIENCE_MS);
    }
    const pending = this.settlements.pending.map(({ record }) => record.id);
    if (pending.length > 0)
      this.problems.push(`records ${pending} are not settled after ${this.longestMs} ms`);
  }

  /** Nothing is wrong with the cluster any more: each partition takes a record again. */
  async #probe(): Promise<void> {
    await this.clock.advance(RECOVERY_MS);
    for (const [topic, logs] of this.cluster.logs) {
      for (const partition of logs.keys()) await this.#probePartition(topic, partition);
    }
  }

  async #probePartition(topic: string, partition: number): Promise<void> {
    let error = await this.#probeOnce(topic, partition);
    // Nothing has told the producer of an election since: its first record finds out, and Kafka's would fail, too.
    if (isOldLeader(error) && this.producer.config.retries === 0) {
      await this.clock.advance(this.producer.config.retryBackoffMaxMs);
      error = await this.#probeOnce(topic, partition);
    }
    if (error !== null)
      this.problems.push(`${topic}-${partition} takes no records after the healing: ${error}`);
  }

  /** What the record failed with; null: it was taken. */
  async #probeOnce(topic: string, partition: number): Promise<unknown> {
    const id = this.settlements.all.length;
    this.#send({ id, topic, partition, key: null, valueBytes: 8, form: 'callback' });
    const settlement = this.settlements.all.at(-1)!;
    await this.#within(this.producer.flush(), `flush() of probe ${id}`);
    return settlement.count === 1 ? settlement.error : 'it is not settled';
  }

  async #within(promise: Promise<unknown>, what: string): Promise<void> {
    try {
      await this.clock.runUntil(promise, this.longestMs);
    } catch (error) {
      this.problems.push(`${what}: ${(error as Error).message}`);
    }
  }

  #strike(fault: TimedFault): void {
    const { kind, brokerIndex, forMs } = fault;
    const broker = this.cluster.brokers[brokerIndex]!;
    this.trace(() => `${kind} at broker ${broker.id} for ${forMs} ms`);
    const during = (change: Parameters<SimulatedNetwork['trouble']>[1], back: typeof change) => {
      this.network.trouble(broker.endpoint, change);
      this.clock.setTimer(() => this.network.trouble(broker.endpoint, back), forMs);
    };
    switch (kind) {
      case 'stop':
        this.cluster.stopBroker(broker);
        this.clock.setTimer(() => this.cluster.startBroker(broker), forMs);
        break;
      case 'move-leader':
        for (const [topic, logs] of this.cluster.logs) {
          for (const partition of logs.keys()) {
            if (broker.isUp && (partition + Math.floor(fault.atMs)) % 2 === 0)
              this.cluster.moveLeader(topic, partition, broker.id);
          }
        }
        break;
      case 'drop-connections':
        broker.dropConnections();
        break;
      case 'refuse':
        during({ isRefusing: true }, { isRefusing: false });
        break;
      case 'black-hole':
        during({ isBlackHole: true }, { isBlackHole: false });
        break;
      case 'silence':
        during({ silence: 'both' }, { silence: 'none' });
        break;
      case 'half-silence':
        during({ silence: forMs % 2 === 0 ? 'to-broker' : 'to-client' }, { silence: 'none' });
        break;
      case 'trickle':
        during({ isTrickling: true }, { isTrickling: false });
        break;
    }
  }

  #heal(): void {
    this.trace(() => 'healed');
    this.network.heal();
    this.cluster.heal();
  }
}

function isOldLeader(error: unknown): boolean {
  return error instanceof TidemarkError && error.kind === 'NOT_LEADER_OR_FOLLOWER';
}
