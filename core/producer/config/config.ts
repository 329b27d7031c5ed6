import { nearestName } from '../../base/nearest-name.ts';
import type { OptionDefinition, OptionProblem, OptionTable, OptionValue } from '../../base/options.ts';
import { parseOption } from '../../base/parse-option.ts';
import { HIDDEN } from '../../base/secret.ts';
import { readSecurity } from '../../client/security/read-security.ts';
import type { SecurityConfig } from '../../client/security/security-config.ts';
import type { CompressionType } from '../../record/types.ts';
import { checkAcrossOptions } from './config-checks.ts';
import { isModulePath } from './module-path.ts';
import { PRODUCER_OPTIONS } from './options.ts';
import { choosePartitioner, PARTITIONER_NAMES, type PartitionerChoice } from './partitioner-choice.ts';
import { chooseSerializer, SERIALIZER_NAMES, type SerializerChoice } from './serializer-choice.ts';

/** The producer's settings as its parts read them; sizes in bytes, times in milliseconds. */
export interface ProducerConfig {
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  /** -1 is all. */
  readonly acks: -1 | 0 | 1;
  /** 0: every record is a batch of its own. */
  readonly batchSizeBytes: number;
  readonly lingerMs: number;
  readonly bufferMemoryBytes: number;
  readonly maxBlockMs: number;
  readonly maxRequestSizeBytes: number;
  readonly compression: CompressionType;
  /** Level of the codec chosen; null leaves it to the codec's default. */
  readonly compressionLevel: number | null;
  readonly partitioner: PartitionerChoice;
  readonly availabilityTimeoutMs: number;
  /** Null: bytes and text as they are. */
  readonly keySerializer: SerializerChoice | null;
  readonly valueSerializer: SerializerChoice | null;
  /** Paths of the modules of interceptor.classes, in order. */
  readonly interceptors: readonly string[];
  readonly maxInFlight: number;
  /** Batches carry producer id, epoch and sequence (KIP-98): one copy of each record, in order, despite retries. */
  readonly isIdempotent: boolean;
  readonly retries: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly metadataMaxAgeMs: number;
  readonly metadataMaxIdleMs: number;
  readonly metadataRecovery: 'rebootstrap' | 'none';
  readonly rebootstrapTriggerMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly connectionsMaxIdleMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly connectionSetupTimeoutMaxMs: number;
  readonly security: SecurityConfig;
  /** Every effective property under Kafka's own name, ready for a report or a properties file; secrets are `[hidden]`. */
  readonly effective: Readonly<Record<string, OptionValue>>;
}

export interface ParsedProducerConfig {
  /** Meaningful only when there are no problems. */
  readonly config: ProducerConfig;
  readonly problems: OptionProblem[];
  readonly warnings: string[];
}

/** Parsed values under Kafka's names, with which of them the user gave. */
export interface ParsedProperties {
  readonly values: Map<string, OptionValue>;
  readonly given: ReadonlySet<string>;
}

/**
 * Reads producer properties under Kafka's own names: types, ranges, misspelt names, and the rules across
 * properties. Reports everything that is wrong at once; never throws, and never repeats the value of a secret.
 */
export function parseProducerConfig(
  properties: Readonly<Record<string, string | number | boolean>>,
  options: OptionTable = PRODUCER_OPTIONS,
): ParsedProducerConfig {
  const problems: OptionProblem[] = [];
  const warnings: string[] = [];
  const values = new Map<string, OptionValue>();
  const given = new Set<string>();
  for (const definition of options) values.set(definition.name, definition.default);
  for (const [name, text] of Object.entries(properties)) {
    const definition = options.find((candidate) => candidate.name === name);
    if (definition === undefined) {
      problems.push(unknownProperty(name, options));
      continue;
    }
    const parsed = parseOption(definition, text);
    const problem = 'problem' in parsed ? parsed.problem : refusal(definition, parsed.value);
    if (problem !== null) {
      problems.push({ property: name, message: `${name} ${problem}` });
      continue;
    }
    values.set(name, 'value' in parsed ? parsed.value : null);
    given.add(name);
    if (definition.withoutEffect !== undefined) {
      warnings.push(`${name} has no effect here. ${definition.withoutEffect}`);
    }
  }
  checkAcrossOptions({ values, given }, problems, warnings);
  return { config: toConfig(values, { given, options, problems }), problems, warnings };
}

/** Why a value cannot be taken; Kafka's default, and nothing at all, always can. */
function refusal(definition: OptionDefinition, value: OptionValue): string | null {
  if (definition.refused === undefined) return null;
  if (value === definition.default || value === null || value === '') return null;
  const got = definition.type === 'password' ? HIDDEN : String(value);
  return `is refused, got ${got}. ${definition.refused}`;
}

function unknownProperty(property: string, options: OptionTable): OptionProblem {
  const suggestion = nearestName(
    property,
    options.map((option) => option.name),
  );
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`;
  const problem = { property, message: `${property} is not a producer property known here${hint}` };
  return suggestion === null ? problem : { ...problem, suggestion };
}

const COMPRESSION_LEVELS: Partial<Record<CompressionType, string>> = {
  gzip: 'compression.gzip.level',
  lz4: 'compression.lz4.level',
  zstd: 'compression.zstd.level',
};

interface Reading {
  readonly given: ReadonlySet<string>;
  readonly options: OptionTable;
  readonly problems: OptionProblem[];
}

function toConfig(values: Map<string, OptionValue>, reading: Reading): ProducerConfig {
  const { options, problems } = reading;
  const number = (name: string) => values.get(name) as number;
  const text = (name: string) => values.get(name) as string;
  const flag = (name: string) => values.get(name) as boolean;
  const compression = text('compression.type') as CompressionType;
  const levelName = COMPRESSION_LEVELS[compression];
  if (text('acks') === '-1') values.set('acks', 'all');
  const acks = text('acks');
  return {
    bootstrapServers: text('bootstrap.servers')
      .split(',')
      .map((server) => server.trim())
      .filter((server) => server !== ''),
    clientId: text('client.id'),
    acks: acks === '0' ? 0 : acks === '1' ? 1 : -1,
    batchSizeBytes: number('batch.size'),
    lingerMs: number('linger.ms'),
    bufferMemoryBytes: number('buffer.memory'),
    maxBlockMs: number('max.block.ms'),
    maxRequestSizeBytes: number('max.request.size'),
    compression,
    compressionLevel: levelName === undefined ? null : number(levelName),
    partitioner: partitionerOf(values, problems),
    availabilityTimeoutMs: number('partitioner.availability.timeout.ms'),
    keySerializer: serializerOf('key.serializer', values, problems),
    valueSerializer: serializerOf('value.serializer', values, problems),
    interceptors: interceptorsOf(text('interceptor.classes'), problems),
    maxInFlight: number('max.in.flight.requests.per.connection'),
    isIdempotent: flag('enable.idempotence'),
    retries: number('retries'),
    retryBackoffMs: number('retry.backoff.ms'),
    retryBackoffMaxMs: number('retry.backoff.max.ms'),
    deliveryTimeoutMs: number('delivery.timeout.ms'),
    requestTimeoutMs: number('request.timeout.ms'),
    metadataMaxAgeMs: number('metadata.max.age.ms'),
    metadataMaxIdleMs: number('metadata.max.idle.ms'),
    metadataRecovery: text('metadata.recovery.strategy') === 'none' ? 'none' : 'rebootstrap',
    rebootstrapTriggerMs: number('metadata.recovery.rebootstrap.trigger.ms'),
    reconnectBackoffMs: number('reconnect.backoff.ms'),
    reconnectBackoffMaxMs: number('reconnect.backoff.max.ms'),
    connectionsMaxIdleMs: number('connections.max.idle.ms'),
    connectionSetupTimeoutMs: number('socket.connection.setup.timeout.ms'),
    connectionSetupTimeoutMaxMs: number('socket.connection.setup.timeout.max.ms'),
    security: securityOf(values, reading),
    effective: Object.fromEntries(
      options.map(({ name, type }) => {
        const value = values.get(name) ?? null;
        return [name, type === 'password' && value !== null ? HIDDEN : value];
      }),
    ),
  };
}

function securityOf(values: Map<string, OptionValue>, { given, problems }: Reading): SecurityConfig {
  const { security, problems: found } = readSecurity(values, given);
  // What is wrong with a property by itself, or across properties, was said better already.
  const told = new Set(problems.map(({ property }) => property));
  problems.push(...found.filter(({ property }) => !told.has(property)));
  return security;
}

function partitionerOf(values: Map<string, OptionValue>, problems: OptionProblem[]): PartitionerChoice {
  const settings = {
    adaptive: values.get('partitioner.adaptive.partitioning.enable') as boolean,
    ignoreKeys: values.get('partitioner.ignore.keys') as boolean,
  };
  const name = values.get('partitioner.class') as string | null;
  const choice = choosePartitioner(name, settings);
  if (choice !== null) return choice;
  problems.push(unknownChoice('partitioner.class', name ?? '', Object.keys(PARTITIONER_NAMES)));
  return { kind: 'built-in', ...settings };
}

function serializerOf(
  property: string,
  values: Map<string, OptionValue>,
  problems: OptionProblem[],
): SerializerChoice | null {
  const name = values.get(property) as string | null;
  if (name === null) return null;
  const choice = chooseSerializer(name);
  if (choice === null) problems.push(unknownChoice(property, name, Object.keys(SERIALIZER_NAMES)));
  return choice;
}

function unknownChoice(property: string, got: string, names: readonly string[]): OptionProblem {
  const suggestion = nearestName(got, names);
  return {
    property,
    message:
      `${property} must be one of ${names.join(', ')}, a module path ending in .js or .ts, ` +
      `or the name of one of Kafka's own classes, got ${JSON.stringify(got)}` +
      (suggestion === null ? '' : `; did you mean ${suggestion}?`),
    ...(suggestion === null ? {} : { suggestion }),
  };
}

function interceptorsOf(list: string, problems: OptionProblem[]): string[] {
  const paths = list
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  for (const path of paths) {
    if (isModulePath(path)) continue;
    problems.push({
      property: 'interceptor.classes',
      message: `interceptor.classes must be paths of modules ending in .js or .ts, comma separated, got ${JSON.stringify(path)}: Java classes cannot run here, write that interceptor as a module`,
    });
  }
  return paths;
}
