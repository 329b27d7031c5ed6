import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { nearestName } from '../../core/base/nearest-name.ts';
import { type Suite, suiteSchema } from '../suite/suite-schema.ts';
import { OMB_KEYS, type OmbWorkload } from './omb-schema.ts';

const MAX_PARTITIONS = 10_000;
const MAX_GENERATORS = 64;
/** KeyDistributor.UNIQUE_COUNT there. */
const KEYS = 10_000;
const MAX_POOL_BYTES = 256 * 1_048_576;
/** Stands in no file: the whole of one is one record there. */
const WHOLE_FILE = '\0 the file as a whole is one record \0';

export interface OmbSuite {
  readonly suite: Suite;
  /** What is done in another way here, or not at all. */
  readonly notes: readonly string[];
  /** By key of the workload. */
  readonly problems: readonly { readonly key: string; readonly message: string }[];
}

/** A workload of OpenMessaging Benchmark as a suite: one configuration, measured as that file says. */
export function ombSuite(workload: OmbWorkload, file: string): OmbSuite {
  const notes: string[] = [];
  const problems: { key: string; message: string }[] = [];
  const suite = suiteSchema.parse({
    description: (workload.name ?? 'OpenMessaging Benchmark workload').slice(0, 500),
    topic: { name: 'omb', partitions: partitionsOf(workload, notes, problems) },
    payload: payloadOf(workload, file, notes),
    keys: keysOf(workload, notes),
    load: loadOf(workload, notes),
    // That many minutes of records are not read back, and not kept in memory for it.
    verify: 'offsets',
  });
  return { suite, notes: [...notes, ...notHonoured(workload)], problems };
}

function partitionsOf(
  { topics, partitionsPerTopic }: OmbWorkload,
  notes: string[],
  problems: { key: string; message: string }[],
): number {
  const partitions = topics * partitionsPerTopic;
  if (partitions > MAX_PARTITIONS) {
    problems.push({
      key: 'partitionsPerTopic',
      message: `${topics} topics of ${partitionsPerTopic} partitions are ${partitions}, expected at most ${MAX_PARTITIONS} in all`,
    });
    return 1;
  }
  if (topics > 1) {
    notes.push(
      `topics: ${topics} topics of ${partitionsPerTopic} partitions are one topic with ${partitions} partitions here`,
    );
  }
  return partitions;
}

function payloadOf(workload: OmbWorkload, file: string, notes: string[]): Record<string, unknown> {
  const { messageSize: sizeBytes, payloadFile, useRandomizedPayloads, randomBytesRatio } = workload;
  if (useRandomizedPayloads) {
    const most = Math.max(1, Math.floor(MAX_POOL_BYTES / sizeBytes));
    const wanted = Math.max(1, workload.randomizedPayloadPoolSize);
    if (wanted > most) notes.push(`randomizedPayloadPoolSize: ${wanted} capped to ${most} payloads`);
    return { kind: 'fixed', sizeBytes, poolSize: Math.min(wanted, most), randomShare: randomBytesRatio };
  }
  if (payloadFile !== undefined && payloadFile !== '') {
    return { kind: 'file', path: payloadPath(payloadFile, file), delimiter: WHOLE_FILE };
  }
  notes.push('payloadFile: without one every payload is zeros, as there: compression looks almost free');
  return { kind: 'fixed', sizeBytes, poolSize: 1, randomShare: 0 };
}

/** Its paths start at its own folder, above that of the workloads; ours start at the file. */
function payloadPath(payloadFile: string, file: string): string {
  const folder = dirname(file);
  const places = [
    resolve(folder, payloadFile),
    resolve(join(folder, '..'), payloadFile),
    resolve(payloadFile),
  ];
  return places.find((path) => existsSync(path)) ?? places[0]!;
}

function keysOf({ keyDistributor }: OmbWorkload, notes: string[]): Record<string, unknown> {
  switch (keyDistributor) {
    case 'NO_KEY':
      return { kind: 'none' };
    case 'KEY_ROUND_ROBIN':
      notes.push(`keyDistributor: KEY_ROUND_ROBIN is ${KEYS} keys in random order here, not in turn`);
      return { kind: 'uniform', cardinality: KEYS };
    case 'RANDOM_NANO':
      return { kind: 'uniform', cardinality: KEYS };
  }
}

function loadOf(workload: OmbWorkload, notes: string[]): Record<string, unknown> {
  const { topics, producersPerTopic, producerRate, testDurationMinutes, warmupDurationMinutes } = workload;
  const producers = topics * producersPerTopic;
  const generators = Math.min(producers, MAX_GENERATORS);
  if (generators < producers) notes.push(`producersPerTopic: ${producers} producers capped to ${generators}`);
  const measured = minutes(testDurationMinutes);
  const common = { generators, warmup: minutes(warmupDurationMinutes) };
  if (producerRate > 0) {
    return { ...common, saturated: '0ms', paced: measured, pace: { recordsPerSecond: producerRate } };
  }
  notes.push('producerRate: 0 is a closed loop at saturation here, not a rate that is searched for');
  return { ...common, saturated: measured, paced: '0ms' };
}

/** Durations of suites have at most three decimals. */
function minutes(value: number): string {
  return `${Math.round(value * 60_000)}ms`;
}

function notHonoured(workload: OmbWorkload): string[] {
  const { subscriptionsPerTopic, consumerPerSubscription, consumerBacklogSizeGB, backlogDrainRatio } =
    workload;
  const consumers = subscriptionsPerTopic * consumerPerSubscription;
  const unknown = Object.keys(workload).filter((key) => !OMB_KEYS.includes(key));
  return [
    ...(consumers > 0
      ? [
          `subscriptionsPerTopic, consumerPerSubscription: consumers (${consumers} per topic) are left out, nobody reads while it is measured`,
        ]
      : []),
    ...(consumerBacklogSizeGB > 0
      ? [
          `consumerBacklogSizeGB: a backlog of ${consumerBacklogSizeGB} GB is not built, there are no consumers`,
        ]
      : []),
    ...(backlogDrainRatio !== 1 ? ['backlogDrainRatio: has no effect, no backlog is built'] : []),
    ...unknown.map((key) => {
      const nearest = nearestName(key, OMB_KEYS);
      return `${key}: not a key of a workload, passed over${nearest === null ? '' : `; did you mean ${nearest}?`}`;
    }),
  ];
}
