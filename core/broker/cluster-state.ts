import type { Clock } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { PartitionLog } from '../log/partition-log.ts';
import type { ProducerStateLimits } from '../log/producer-state.ts';
import type { Broker } from './broker.ts';
import { Partition } from './partition.ts';
import type { ProducerIds } from './producer-ids.ts';
import { asStorageFailure } from './storage-failure.ts';
import type { Topic } from './topic.ts';
import { plannedPartitionCount, type TopicCreation } from './topic-creation.ts';
import { drawTopicId } from './topic-id.ts';
import { topicNameProblem } from './topic-name.ts';
import { parseTopicSettings, type TopicDefaults } from './topic-settings.ts';
import type { StoredTopic, TopicStore } from './topic-store.ts';

/**
 * What the brokers of one embedded cluster know together: who they are, and the topics. In Kafka the
 * controllers keep this; here the brokers live in one thread and share the object.
 */
export class ClusterState {
  readonly autoCreateTopics: boolean;
  readonly defaultPartitions: number;
  readonly topicDefaults: TopicDefaults;
  readonly producerIds: ProducerIds;
  readonly #producerLimits: ProducerStateLimits;
  readonly #maxPartitions: number;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #store: TopicStore;
  readonly #brokers: Broker[] = [];
  readonly #topics = new Map<string, Topic>();
  readonly #topicsById = new Map<string, Topic>();
  #partitionCount = 0;
  #nextLeader: number;
  #clusterId = '';

  constructor(options: ClusterStateOptions) {
    this.autoCreateTopics = options.autoCreateTopics;
    this.defaultPartitions = options.defaultPartitions;
    this.topicDefaults = options.topicDefaults;
    this.producerIds = options.producerIds;
    this.#producerLimits = options.producerLimits;
    this.#maxPartitions = options.maxPartitions;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#store = options.store;
    this.#nextLeader = this.#random.nextBelow(0x1_0000);
  }

  get clusterId(): string {
    return this.#clusterId;
  }

  get brokers(): readonly Broker[] {
    return this.#brokers;
  }

  /** A live broker; kafkajs fails without one. */
  get controllerId(): number {
    return this.#brokers[0]!.nodeId;
  }

  topic(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  topicById(id: string): Topic | undefined {
    return this.#topicsById.get(id);
  }

  topics(): IterableIterator<Topic> {
    return this.#topics.values();
  }

  partition(topicName: string, index: number): Partition | undefined {
    return this.#topics.get(topicName)?.partitions[index];
  }

  /** Takes the brokers, and opens what an earlier run stored. Throws KAFKA_STORAGE_ERROR. */
  start(brokers: readonly Broker[]): void {
    this.#brokers.push(...brokers);
    asStorageFailure('the stored topics cannot be opened', () => {
      const stored = this.#store.load();
      this.#clusterId = stored?.clusterId ?? this.#newUuid();
      for (const topic of stored?.topics ?? []) this.#add(topic);
      if (stored === null) this.#save();
      this.producerIds.open();
    });
  }

  /**
   * Makes a topic. Throws TidemarkErrors of the kinds INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS,
   * INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_REPLICA_ASSIGNMENT, INVALID_CONFIG and
   * KAFKA_STORAGE_ERROR; nothing is left behind then.
   */
  createTopic(creation: TopicCreation): Topic {
    const [made] = this.createTopics([creation]);
    if (made instanceof TidemarkError) throw made;
    return made!;
  }

  /**
   * As createTopic for each, with an error in the place of a topic that cannot be made. The list of topics is stored
   * once for all of them: for each, ten thousand topics of one request would hold up every client for half a minute.
   */
  createTopics(creations: readonly TopicCreation[]): (Topic | TidemarkError)[] {
    const outcomes = creations.map((creation) => orError(() => this.#make(creation)));
    const made = outcomes.filter((outcome): outcome is Topic => !(outcome instanceof TidemarkError));
    if (made.length === 0) return outcomes;
    const saved = orError(() => asStorageFailure('the new topics cannot be stored', () => this.#save()));
    if (!(saved instanceof TidemarkError)) return outcomes;
    for (const topic of made) {
      this.#forget(topic);
      deleteData(topic);
    }
    return outcomes.map((outcome) => (outcome instanceof TidemarkError ? outcome : saved));
  }

  /** Everything that createTopic refuses, refused; nothing is made. */
  planTopic(creation: TopicCreation): { partitionCount: number; replicationFactor: number } {
    const { name } = creation;
    const problem = topicNameProblem(name);
    if (problem !== null)
      throw new TidemarkError('INVALID_TOPIC_EXCEPTION', `${problem}: "${name.slice(0, 80)}"`);
    if (this.#topics.has(name)) {
      throw new TidemarkError('TOPIC_ALREADY_EXISTS', `the topic "${name}" exists already`);
    }
    const partitionCount = plannedPartitionCount(creation, {
      brokers: this.#brokers,
      defaultPartitions: this.defaultPartitions,
      partitionCount: this.#partitionCount,
      maxPartitions: this.#maxPartitions,
    });
    if (creation.replicationFactor !== 1 && creation.replicationFactor !== -1) {
      throw new TidemarkError(
        'INVALID_REPLICATION_FACTOR',
        `the topic "${name}" asks for a replication factor of ${creation.replicationFactor}: this cluster does not replicate, so only 1 is possible`,
      );
    }
    parseTopicSettings(creation.configs, this.topicDefaults);
    return { partitionCount, replicationFactor: 1 };
  }

  /** Removes topics with their data at once; fetches that wait for them are answered. An error for each that failed. */
  deleteTopics(topics: readonly Topic[]): (TidemarkError | null)[] {
    if (topics.length === 0) return [];
    for (const topic of topics) this.#forget(topic);
    const saved = orError(() => asStorageFailure('the list of topics cannot be stored', () => this.#save()));
    return topics.map((topic) => {
      if (saved instanceof TidemarkError) return saved;
      const what = `the topic "${topic.name}" is not deleted from the disk`;
      const deleted = orError(() => asStorageFailure(what, () => deleteData(topic)));
      return deleted instanceof TidemarkError ? deleted : null;
    });
  }

  enforceRetention(): void {
    for (const topic of this.#topics.values()) {
      for (const partition of topic.partitions) partition.enforceRetention();
    }
  }

  /** Flushes and closes every log, then throws the first KAFKA_STORAGE_ERROR met, if any. */
  close(): void {
    let failure: unknown = null;
    for (const topic of this.#topics.values()) {
      for (const partition of topic.partitions) {
        try {
          partition.close();
        } catch (error) {
          failure ??= error;
        }
      }
    }
    if (failure !== null) throw failure;
  }

  /** Makes a topic that is not stored yet; nothing is left behind when it throws. */
  #make(creation: TopicCreation): Topic {
    const plan = this.planTopic(creation);
    const leaders = creation.leaders ?? this.#spreadLeaders(plan.partitionCount);
    const configs = Object.fromEntries(creation.configs);
    const stored = { name: creation.name, id: this.#newUuid(), configs, leaders };
    return asStorageFailure(`the topic "${creation.name}" cannot be made`, () => {
      // A crash amid a deletion may have left data under this name.
      this.#removeData(stored);
      return this.#add(stored);
    });
  }

  /** Round-robin over the brokers, going on where the last topic ended; the first start is drawn. */
  #spreadLeaders(partitionCount: number): number[] {
    const leaders = Array.from(
      { length: partitionCount },
      (_, index) => this.#brokers[(this.#nextLeader + index) % this.#brokers.length]!.nodeId,
    );
    this.#nextLeader = (this.#nextLeader + partitionCount) % this.#brokers.length;
    return leaders;
  }

  #add(stored: StoredTopic): Topic {
    const configs = new Map(Object.entries(stored.configs));
    const settings = parseTopicSettings(configs, this.topicDefaults);
    const partitions: Partition[] = [];
    const topic: Topic = { name: stored.name, id: stored.id, configs, settings, partitions };
    try {
      for (const [index, leaderId] of stored.leaders.entries()) {
        partitions.push(this.#openPartition(topic, index, leaderId));
      }
    } catch (error) {
      for (const partition of partitions) partition.close();
      throw error;
    }
    this.#topics.set(topic.name, topic);
    this.#topicsById.set(topic.id, topic);
    this.#partitionCount += partitions.length;
    return topic;
  }

  #openPartition(topic: Topic, index: number, leaderId: number): Partition {
    const { settings } = topic;
    const { storage, directory } = this.#storagePlace(topic.name, index, leaderId);
    const producerLimits = this.#producerLimits;
    const log = PartitionLog.open({
      storage,
      directory,
      config: settings,
      clock: this.#clock,
      producerLimits,
    });
    const retentionBytes = settings.retentionBytes;
    return new Partition({ topicName: topic.name, topicId: topic.id, index, leaderId, log, retentionBytes });
  }

  #storagePlace(topicName: string, index: number, leaderId: number) {
    const broker = this.#brokers.find((each) => each.nodeId === leaderId);
    if (broker === undefined) {
      throw new TidemarkError(
        'KAFKA_STORAGE_ERROR',
        `partition ${index} of the topic "${topicName}" is stored at broker ${leaderId}, but only ${this.#brokers.length} were started: start at least ${leaderId}`,
      );
    }
    return { storage: broker.storage, directory: `${broker.directory}/${topicName}-${index}` };
  }

  #forget(topic: Topic): void {
    this.#topics.delete(topic.name);
    this.#topicsById.delete(topic.id);
    this.#partitionCount -= topic.partitions.length;
  }

  #removeData(stored: Pick<StoredTopic, 'name' | 'leaders'>): void {
    for (const [index, leaderId] of stored.leaders.entries()) {
      const { storage, directory } = this.#storagePlace(stored.name, index, leaderId);
      storage.remove(directory);
    }
  }

  #save(): void {
    const topics = [...this.#topics.values()].map((topic) => ({
      name: topic.name,
      id: topic.id,
      configs: Object.fromEntries(topic.configs),
      leaders: topic.partitions.map((partition) => partition.leaderId),
    }));
    this.#store.save({ clusterId: this.#clusterId, topics });
  }

  #newUuid(): string {
    return drawTopicId(this.#random, (id) => this.#topicsById.has(id));
  }
}

function orError<T>(run: () => T): T | TidemarkError {
  try {
    return run();
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
}

function deleteData(topic: Topic): void {
  for (const partition of topic.partitions) partition.delete();
}

export interface ClusterStateOptions {
  readonly autoCreateTopics: boolean;
  readonly defaultPartitions: number;
  readonly topicDefaults: TopicDefaults;
  /** Bound of all topics' partitions together. */
  readonly maxPartitions: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly store: TopicStore;
  readonly producerIds: ProducerIds;
  readonly producerLimits: ProducerStateLimits;
}
