import { z } from 'zod';

const MAX_PAYLOAD_BYTES = 64 * 1_048_576;
const MAX_MINUTES = 24 * 60;

const count = (max: number, min = 0) => z.int().min(min).max(max);

/**
 * OpenMessaging Benchmark's workload file (Workload.java), with the defaults that it has there. It passes over keys
 * that it does not know, so they are no error here either.
 */
export const ombWorkloadSchema = z.looseObject({
  name: z.string().optional(),
  topics: count(1_000_000, 1).default(1),
  partitionsPerTopic: count(10_000, 1).default(1),
  keyDistributor: z.enum(['NO_KEY', 'KEY_ROUND_ROBIN', 'RANDOM_NANO']).default('NO_KEY'),
  messageSize: count(MAX_PAYLOAD_BYTES, 1),
  useRandomizedPayloads: z.boolean().default(false),
  randomBytesRatio: z.number().min(0).max(1).default(0),
  randomizedPayloadPoolSize: count(1_000_000).default(0),
  payloadFile: z.string().optional(),
  subscriptionsPerTopic: count(1_000_000).default(0),
  consumerPerSubscription: count(1_000_000).default(0),
  producersPerTopic: count(1_000_000, 1).default(1),
  /** 0: as much as can be had. */
  producerRate: z.number().min(0).max(1e9).default(0),
  consumerBacklogSizeGB: z.number().min(0).default(0),
  backlogDrainRatio: z.number().min(0).max(1).default(1),
  testDurationMinutes: z.number().gt(0).max(MAX_MINUTES),
  warmupDurationMinutes: z.number().min(0).max(MAX_MINUTES).default(1),
});

export type OmbWorkload = z.output<typeof ombWorkloadSchema>;

export const OMB_KEYS: readonly string[] = Object.keys(ombWorkloadSchema.shape);

/** Keys that no suite of ours has. */
const TELLING_KEYS = [
  'topics',
  'partitionsPerTopic',
  'messageSize',
  'producersPerTopic',
  'producerRate',
  'subscriptionsPerTopic',
  'consumerPerSubscription',
  'testDurationMinutes',
];

/** Whether a YAML file is a workload of that benchmark rather than a suite. */
export function isOmbWorkload(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  return TELLING_KEYS.filter((key) => Object.hasOwn(input, key)).length >= 2;
}

/** Whether it is one of its driver files, which say nothing of the load. */
export function isOmbDriver(input: unknown): boolean {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, 'driverClass');
}
