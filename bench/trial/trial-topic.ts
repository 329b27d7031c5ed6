import { createTopic, deleteTopic, listOffsets } from '../../core/client/admin.ts';
import type { Cluster } from '../../core/client/cluster.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { usageError } from '../cli-error.ts';
import { endOffsets, partitionsOf } from './verify-trial.ts';

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

/** Makes a topic of its own for the trial, or takes the one that exists as it is. */
export async function openTrialTopic(
  cluster: Cluster,
  spec: TrialSpec,
  configs: Readonly<Record<string, string>>,
  name: string,
): Promise<TrialTopic> {
  if (spec.topic.exists) return existingTopic(cluster, spec);
  const { partitions } = spec.topic;
  // More replicas than live brokers cannot be had; the run's notes say so.
  const replicationFactor = Math.min(spec.topic.replicationFactor, Math.max(1, cluster.brokers.length));
  const release = () => deleteTopic(cluster, name).catch(() => {});
  try {
    await createTopic(cluster, { name, partitions, replicationFactor, configs });
    // Leaders of a new topic take a moment to serve it; under acks=0 nobody would tell that a record came too early.
    await listOffsets(cluster, name, partitionsOf(spec), 'latest');
  } catch (error) {
    // A topic of that name that was there before is somebody else's; one half made is ours.
    if ((error as { kind?: unknown }).kind !== 'TOPIC_ALREADY_EXISTS') await release();
    throw error;
  }
  return {
    name,
    spec: { ...spec, topic: { ...spec.topic, replicationFactor } },
    startOffsets: new Array<number>(partitions).fill(0),
    release,
  };
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
