import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { reasonOf, usageError } from '../cli-error.ts';
import { type Property, parseProperties } from '../properties-file.ts';
import type { LoadedSuite } from '../suite/loaded-suite.ts';
import { YamlSource } from '../suite/yaml-source.ts';
import { isOmbDriver } from './omb-schema.ts';

const MAX_FILE_BYTES = 1_048_576;

const driverSchema = z.looseObject({
  name: z.string().optional(),
  replicationFactor: z.int().min(1).max(32_767).default(1),
  topicConfig: z.string().nullish(),
  commonConfig: z.string().nullish(),
  producerConfig: z.string().nullish(),
});

export interface OmbDriverFile {
  /** As the user named it. */
  readonly shown: string;
  readonly workingDirectory: string;
  /** The embedded cluster does not replicate. */
  readonly isEmbedded: boolean;
}

/** What is read of a driver file, or says nothing of how it produces. */
const KNOWN_KEYS = /^(driverClass|name|replicationFactor|topicConfig|commonConfig|producerConfig)$/;

/**
 * The suite with what OpenMessaging Benchmark's driver file says of Kafka's producer: commonConfig and producerConfig
 * over the suite's own properties, topicConfig and replicationFactor over its topic's, as far as the target can have
 * them. Exit 2 with all that is wrong.
 */
export function withOmbDriver(
  loaded: LoadedSuite,
  { shown, workingDirectory, isEmbedded }: OmbDriverFile,
): LoadedSuite {
  const source = new YamlSource(readDriver(shown, workingDirectory));
  if (source.errors.length > 0) {
    throw usageError(...source.errors.map(({ line, message }) => `${shown}:${line}: ${message}`));
  }
  const input = source.value();
  const parsed = driverSchema.safeParse(input);
  if (!isOmbDriver(input) || !parsed.success) {
    throw usageError(
      ...(parsed.success
        ? [`${shown}:1: no driverClass, expected a driver file of OpenMessaging Benchmark`]
        : parsed.error.issues.map(
            ({ path, message }) =>
              `${shown}:${source.lineOf(path as string[])}: ${path.join('.')}: ${message}`,
          )),
    );
  }
  const driver = parsed.data;
  const lines = new Map<string, number>();
  const properties = (key: 'commonConfig' | 'producerConfig' | 'topicConfig'): Record<string, string> => {
    const found = propertiesOf(driver[key] ?? '', shown, source.lineOf([key]));
    for (const { name, line } of found) lines.set(name, line);
    return Object.fromEntries(found.map(({ name, value }) => [name, value.trim()]));
  };
  const topic = { ...loaded.suite.topic.configs, ...properties('topicConfig') };
  const producer = {
    ...loaded.suite.producer,
    ...properties('commonConfig'),
    ...properties('producerConfig'),
  };
  const { suite, notes = [] } = loaded;
  const ofTopic = isEmbedded
    ? withoutReplicas(driver.replicationFactor, topic, shown)
    : { replicationFactor: driver.replicationFactor, configs: topic, notes: [] };
  const { replicationFactor, configs } = ofTopic;
  return {
    ...loaded,
    suite: { ...suite, producer, topic: { ...suite.topic, replicationFactor, configs } },
    notes: [...notes, ...ofTopic.notes, ...leftOut(Object.keys(driver), shown)],
    placeOf: (path) => {
      const line = path[0] === 'producer' ? lines.get(String(path[1])) : undefined;
      if (path.join('.') === 'topic.replicationFactor') {
        return `${shown}:${source.lineOf(['replicationFactor'])}`;
      }
      return line === undefined ? loaded.placeOf(path) : `${shown}:${line}`;
    },
  };
}

interface TopicOfDriver {
  readonly replicationFactor: number;
  readonly configs: LoadedSuite['suite']['topic']['configs'];
  readonly notes: readonly string[];
}

/** A second replica that must be in sync never will be: every acks=all record would time out. */
function withoutReplicas(
  replicationFactor: number,
  configs: TopicOfDriver['configs'],
  shown: string,
): TopicOfDriver {
  const { 'min.insync.replicas': inSync, ...others } = configs;
  const given = [
    ...(replicationFactor > 1 ? [`replicationFactor ${replicationFactor}`] : []),
    ...(inSync === undefined || Number(inSync) <= 1 ? [] : [`min.insync.replicas=${inSync}`]),
  ];
  const notes =
    given.length === 0
      ? []
      : [`${shown}: ${given.join(' and ')} left out: the embedded cluster does not replicate`];
  return { replicationFactor: 1, configs: others, notes };
}

function readDriver(shown: string, workingDirectory: string): string {
  const path = resolve(workingDirectory, shown);
  try {
    if (statSync(path).size <= MAX_FILE_BYTES) return readFileSync(path, 'utf8');
  } catch (error) {
    throw usageError(`--omb-driver ${shown}: cannot be read: ${reasonOf(error)}`);
  }
  throw usageError(`--omb-driver ${shown}: larger than ${MAX_FILE_BYTES} bytes, expected a driver file`);
}

/** Lines of a block stand below its key. */
function propertiesOf(text: string, shown: string, keyLine: number): Property[] {
  const { properties, problems } = parseProperties(text);
  if (problems.length > 0) {
    throw usageError(...problems.map(({ line, message }) => `${shown}:${keyLine + line}: ${message}`));
  }
  return properties.map((property) => ({ ...property, line: keyLine + property.line }));
}

function leftOut(keys: readonly string[], shown: string): string[] {
  const others = keys.filter((key) => !KNOWN_KEYS.test(key));
  return others.length === 0 ? [] : [`${shown}: ${others.join(', ')} left out: nothing here reads it`];
}
