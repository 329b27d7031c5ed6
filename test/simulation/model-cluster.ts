import type { Clock } from '../../core/base/clock.ts';
import type { Random } from '../../core/base/random.ts';
import type { Api } from '../../core/wire/api.ts';
import { initProducerIdApi } from '../../core/wire/messages/init-producer-id.ts';
import {
  type MetadataRequest,
  type MetadataResponse,
  metadataApi,
} from '../../core/wire/messages/metadata.ts';
import { produceApi } from '../../core/wire/messages/produce.ts';
import type { Draft } from '../../core/wire/schema.ts';
import type { ClusterShape } from './cluster-shape.ts';
import { GOOD, type Mischief, type ProduceFault } from './mischief.ts';
import { type BrokerWorld, ModelBroker } from './model-broker.ts';
import { ModelLog } from './model-log.ts';
import type { OutgoingAnswer } from './model-session.ts';
import { ProducerIds } from './producer-ids.ts';
import type { SimulatedNetwork } from './simulated-network.ts';

const NONE = 0;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const LEADER_NOT_AVAILABLE = 5;
const NO_LEADER = -1;

export interface ClusterEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly trace: (line: () => string) => void;
}

/** A Kafka cluster of a few hundred lines: brokers that share the logs, so that no acknowledged record is ever lost. */
export class ModelCluster implements BrokerWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly trace: (line: () => string) => void;
  readonly shape: ClusterShape;
  readonly brokers: ModelBroker[] = [];
  readonly producerIds = new ProducerIds();
  mischief: Mischief = GOOD;
  /** Takes over every answer, to spoil it. */
  tamper: ((answer: OutgoingAnswer) => void) | null = null;
  /** Takes over the answers to Metadata requests. */
  tellMetadata: ((honest: Draft<MetadataResponse>) => Draft<MetadataResponse>) | null = null;
  readonly #logs = new Map<string, ModelLog[]>();
  /** Leaders as metadata tells them, which may lag behind. */
  readonly #told = new Map<ModelLog, { leaderId: number; leaderEpoch: number }>();

  constructor(shape: ClusterShape, environment: ClusterEnvironment) {
    this.shape = shape;
    this.clock = environment.clock;
    this.random = environment.random;
    this.network = environment.network;
    this.trace = environment.trace;
    for (let id = 1; id <= shape.brokers; id++) this.brokers.push(new ModelBroker(this, id));
    for (const broker of this.brokers) broker.start();
    for (const [topic, partitions] of Object.entries(shape.topics)) {
      const logs = Array.from(
        { length: partitions },
        (_, partition) => new ModelLog(1 + (partition % shape.brokers), shape.maxMessageBytes),
      );
      this.#logs.set(topic, logs);
      for (const log of logs) this.#told.set(log, { leaderId: log.leaderId, leaderEpoch: 0 });
    }
  }

  get bootstrapServers(): string {
    return this.brokers.map(({ endpoint }) => `${endpoint.host}:${endpoint.port}`).join(',');
  }

  get logs(): ReadonlyMap<string, readonly ModelLog[]> {
    return this.#logs;
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random.nextDouble() < probability;
  }

  logOf(topic: string, partition: number): ModelLog | null {
    return this.#logs.get(topic)?.[partition] ?? null;
  }

  topicById(topicId: string): string | null {
    return [...this.#logs.keys()].find((topic) => topicIdOf(topic) === topicId) ?? null;
  }

  drawProduceFault(): ProduceFault | null {
    const { produceFaultChance, produceFaults } = this.mischief;
    if (produceFaults.length === 0 || !this.chance(produceFaultChance)) return null;
    return produceFaults[this.random.nextBelow(produceFaults.length)]!;
  }

  /** The APIs as this cluster speaks them: perhaps older versions. */
  spoken(apis: readonly Api<unknown, unknown>[]): Api<unknown, unknown>[] {
    const newest = new Map<number, number>([
      [produceApi.key, this.shape.produceVersion],
      [metadataApi.key, this.shape.metadataVersion],
      [initProducerIdApi.key, initProducerIdApi.maxVersion],
    ]);
    return apis.map((api) => ({ ...api, maxVersion: newest.get(api.key) ?? api.maxVersion }));
  }

  liveNodes(): { nodeId: number; host: string; port: number }[] {
    return this.brokers
      .filter((broker) => broker.isUp)
      .map(({ id, endpoint }) => ({ nodeId: id, host: endpoint.host, port: endpoint.port }));
  }

  moveLeader(topic: string, partition: number, brokerId: number): void {
    const log = this.logOf(topic, partition)!;
    if (log.leaderId === brokerId) return;
    log.leaderId = brokerId;
    log.leaderEpoch++;
    this.trace(() => `leader of ${topic}-${partition} is ${brokerId}`);
    const { leaderEpoch } = log;
    const tell = () => {
      if (this.#told.get(log)!.leaderEpoch < leaderEpoch)
        this.#told.set(log, { leaderId: brokerId, leaderEpoch });
    };
    if (this.mischief.staleMetadataMs === 0) tell();
    else this.clock.setTimer(tell, this.mischief.staleMetadataMs);
  }

  /** The broker's partitions go to another that is up, or have no leader until one comes back. */
  stopBroker(broker: ModelBroker): void {
    broker.stop();
    this.#elect(broker.id);
  }

  startBroker(broker: ModelBroker): void {
    broker.start();
    this.#elect(NO_LEADER);
  }

  heal(): void {
    this.mischief = GOOD;
    for (const broker of this.brokers) {
      broker.start();
      broker.dropMuted();
    }
    this.#elect(NO_LEADER);
    for (const [log, told] of this.#told)
      Object.assign(told, { leaderId: log.leaderId, leaderEpoch: log.leaderEpoch });
  }

  metadata(request: MetadataRequest): Draft<MetadataResponse> {
    const names =
      request.topics === null ? [...this.#logs.keys()] : request.topics.map(({ name }) => name ?? '');
    const response = {
      brokers: this.liveNodes(),
      clusterId: 'model',
      controllerId: this.liveNodes()[0]?.nodeId ?? NO_LEADER,
      topics: names.map((name) => this.#topicMetadata(name)),
    };
    if (this.tellMetadata !== null) return this.tellMetadata(response);
    if (!this.chance(this.mischief.metadataFaultChance)) return response;
    switch (this.random.nextBelow(4)) {
      case 0:
        return { ...response, brokers: [] };
      case 1:
        return { ...response, brokers: [{ nodeId: 77, host: 'nowhere', port: 1 }] };
      case 2:
        return { ...response, topics: names.map((name) => ({ name, errorCode: LEADER_NOT_AVAILABLE })) };
      default:
        return { ...response, topics: [] };
    }
  }

  #topicMetadata(name: string): Draft<MetadataResponse['topics'][number]> {
    const logs = this.#logs.get(name);
    if (logs === undefined) return { name, errorCode: UNKNOWN_TOPIC_OR_PARTITION };
    const partitions = logs.map((log, partitionIndex) => {
      const { leaderId, leaderEpoch } = this.#told.get(log)!;
      const nodes = this.brokers.map(({ id }) => id);
      const errorCode = leaderId === NO_LEADER ? LEADER_NOT_AVAILABLE : NONE;
      return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes: nodes, isrNodes: nodes };
    });
    return { name, topicId: topicIdOf(name), partitions };
  }

  /** New leaders for the partitions of one that stopped, or for those that had none. */
  #elect(formerId: number): void {
    const live = this.brokers.filter((broker) => broker.isUp);
    for (const [topic, logs] of this.#logs) {
      for (const [partition, log] of logs.entries()) {
        if (log.leaderId !== formerId) continue;
        const next = live.length === 0 ? NO_LEADER : live[partition % live.length]!.id;
        this.moveLeader(topic, partition, next);
      }
    }
  }
}

function topicIdOf(topic: string): string {
  return Buffer.from(topic.padEnd(16, '.')).toString('hex');
}
