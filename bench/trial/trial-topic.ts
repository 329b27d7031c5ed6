import { setTimeout as delay } from 'node:timers/promises';
import { createTopic, deleteTopic, listOffsets } from '../../core/client/admin.ts';
import type { Cluster } from '../../core/client/cluster.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { usageError } from '../cli-error.ts';
import { endOffsets, partitionsOf } from './verify-trial.ts';

const DELETIONS = 20;
const DELETION_PAUSE_MS = 250;

/** A topic ready to take the records of one trial. */
export interface TrialTopic {
  readonly name: string;
  /** The trial's, with the partitions and replicas that the topic really has. */
  readonly spec: TrialSpec;
  /** Where the log of each partition ended before the trial. */
  readonly startOffsets: readonly number[];
  /** Deletes what was made for the trial, and nothing else. Never rejects. */
  release(): Promise<void>;
}

export interface TopicToMake {
  readonly name: string;
  readonly configs: Readonly<Record<string, string>>;
  /** The run goes on after it was cut off: a topic of that name is what the trial had made, and is made anew. */
  readonly replacesOwn: boolean;
}

/** Makes a topic of its own for the trial, or takes the one that exists as it is. */
export async function openTrialTopic(
  cluster: Cluster,
  spec: TrialSpec,
  { name, configs, replacesOwn }: TopicToMake,
): Promise<TrialTopic> {
  if (spec.topic.exists) return existingTopic(cluster, spec);
  const { partitions } = spec.topic;
  // More replicas than live brokers cannot be had; the run's notes say so.
  const replicationFactor = Math.min(spec.topic.replicationFactor, Math.max(1, cluster.brokers.length));
  const release = () => deleteTopic(cluster, name).catch(() => {});
  try {
    const make = () => createTopic(cluster, { name, partitions, replicationFactor, configs });
    await (replacesOwn ? makeAnew(cluster, name, make) : make());
    // Leaders of a new topic take a moment to serve it; under acks=0 nobody would tell that a record came too early.
    await listOffsets(cluster, name, partitionsOf(spec), 'latest');
  } catch (error) {
    // A topic of that name that was there before is somebody else's; one half made is ours.
    if (!isThere(error)) await release();
    throw error;
  }
  return {
    name,
    spec: { ...spec, topic: { ...spec.topic, replicationFactor } },
    startOffsets: new Array<number>(partitions).fill(0),
    release,
  };
}

/** A cluster may take a moment to forget a topic that was deleted. */
async function makeAnew(cluster: Cluster, name: string, make: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await make();
      return;
    } catch (error) {
      if (!isThere(error) || attempt === DELETIONS) throw error;
    }
    if (attempt > 1) await delay(DELETION_PAUSE_MS);
    await deleteTopic(cluster, name).catch((error: unknown) => {
      if ((error as { kind?: unknown }).kind !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    });
  }
}

function isThere(error: unknown): boolean {
  return (error as { kind?: unknown }).kind === 'TOPIC_ALREADY_EXISTS';
}

async function existingTopic(cluster: Cluster, spec: TrialSpec): Promise<TrialTopic> {
  const { name } = spec.topic;
  const { partitions } = await cluster.fetchTopic(name);
  const replicationFactor = partitions[0]?.replicas.length ?? 1;
  const real = { ...spec, topic: { ...spec.topic, partitions: partitions.length, replicationFactor } };
  return {
    name,
    spec: real,
    startOffsets: await endOffsets({ cluster, topic: name, spec: real }),
    release: async () => {},
  };
}

/** Throws exit 2 when a topic that should exist does not: better known before the first trial than in each. */
export async function checkTopicExists(cluster: Cluster, name: string): Promise<void> {
  try {
    await cluster.fetchTopic(name);
  } catch (error) {
    if ((error as { kind?: unknown }).kind !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    throw usageError(
      `--topic ${name}: there is no such topic on that cluster; create it first, or leave --topic out and topics are made for the run`,
    );
  }
}
