import { nearestName } from '../base/nearest-name.ts';
import type { OptionDefinition, OptionProblem, OptionTable } from '../base/options.ts';
import { parseOption } from '../base/parse-option.ts';

/** Java's Long.MAX_VALUE as a double: Kafka's "never" and "any". */
export const LONG_MAX = 2 ** 63;
const INT_MAX = 2 ** 31 - 1;
const DAY_MS = 24 * 60 * 60 * 1000;
const BATCHES_STAY = 'batches are kept as the producer made them';
const NO_COMPACTION = 'only the policy delete is there';
const ONE_REPLICA = 'there is no other replica';

/** Topic configurations under Kafka's names, with its defaults and ranges (LogConfig and TopicConfig of Kafka 4.1). */
export const LOG_OPTIONS: OptionTable = [
  int('segment.bytes', 1024 ** 3, 14, 'Size at which a segment is closed and the next begins.'),
  long('segment.ms', 7 * DAY_MS, 1, 'Age, by record timestamps, at which a segment is closed.'),
  long('retention.bytes', -1, -1, 'Size of a partition above which old segments are deleted; -1 for any.'),
  long('retention.ms', 7 * DAY_MS, -1, 'Age at which segments are deleted; -1 for any.'),
  int('index.interval.bytes', 4096, 0, 'Bytes between two entries of the offset and time indexes.'),
  int('segment.index.bytes', 10 * 1024 ** 2, 12, 'Largest size of one index; a full one closes its segment.'),
  long('flush.messages', LONG_MAX, 1, 'Records after which the log is synced to the disk.'),
  long('flush.ms', LONG_MAX, 0, 'Time after which an appended record is synced to the disk.'),
  int('max.message.bytes', 1048588, 0, 'Largest batch accepted, after compression.'),
  {
    ...option('message.timestamp.type', 'string', 'CreateTime', 'Whose time a record carries.'),
    oneOf: ['CreateTime', 'LogAppendTime'],
  },
  long('message.timestamp.before.max.ms', LONG_MAX, 0, 'How far a timestamp may lie behind the broker.'),
  long('message.timestamp.after.max.ms', 3_600_000, 0, 'How far a timestamp may lie ahead of the broker.'),
  int('min.insync.replicas', 1, 1, 'Replicas in sync that acks=all needs.'),
  {
    ...option(
      'cleanup.policy',
      'list',
      'delete',
      'What happens to old segments. Compaction is not supported.',
    ),
    oneOf: ['delete'],
  },
  {
    ...option('compression.type', 'string', 'producer', 'Codec of stored batches: as the producer chose.'),
    oneOf: ['producer'],
  },
  idle(long('file.delete.delay.ms', 60_000, 0, 'Delay of a deletion.'), 'segments are deleted at once'),
  idle(long('segment.jitter.ms', 0, 0, 'Random part of segment.ms.'), 'segments roll at segment.ms'),
  idle(
    option('preallocate', 'boolean', false, 'Preallocation of segments.'),
    'segments grow as they are written',
  ),
  idle(long('delete.retention.ms', DAY_MS, 0, 'Life of delete markers.'), NO_COMPACTION),
  idle(long('min.compaction.lag.ms', 0, 0, 'Compaction.'), NO_COMPACTION),
  idle(long('max.compaction.lag.ms', LONG_MAX, 1, 'Compaction.'), NO_COMPACTION),
  idle(
    { ...option('min.cleanable.dirty.ratio', 'double', 0.5, 'Compaction.'), min: 0, max: 1 },
    NO_COMPACTION,
  ),
  idle(
    option('unclean.leader.election.enable', 'boolean', false, 'Elections of replicas behind.'),
    ONE_REPLICA,
  ),
  idle(int('compression.gzip.level', -1, -1, 'Level of gzip.', 9), BATCHES_STAY),
  idle(int('compression.lz4.level', 9, 1, 'Level of lz4.', 17), BATCHES_STAY),
  idle(int('compression.zstd.level', 3, -131072, 'Level of zstd.', 22), BATCHES_STAY),
];

const BY_NAME = new Map(LOG_OPTIONS.map((definition) => [definition.name, definition]));

/** What a partition's log is told; from a topic's configurations. -1 is "without bound" where Kafka says so. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly retentionBytes: number;
  readonly retentionMs: number;
  readonly indexIntervalBytes: number;
  readonly segmentIndexBytes: number;
  readonly flushMessages: number;
  readonly flushMs: number;
  readonly maxMessageBytes: number;
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime';
  /** The broker's to check, per record. */
  readonly messageTimestampBeforeMaxMs: number;
  readonly messageTimestampAfterMaxMs: number;
  /** The broker's to check. */
  readonly minInsyncReplicas: number;
}

const FIELDS: Readonly<Record<keyof LogConfig, string>> = {
  segmentBytes: 'segment.bytes',
  segmentMs: 'segment.ms',
  retentionBytes: 'retention.bytes',
  retentionMs: 'retention.ms',
  indexIntervalBytes: 'index.interval.bytes',
  segmentIndexBytes: 'segment.index.bytes',
  flushMessages: 'flush.messages',
  flushMs: 'flush.ms',
  maxMessageBytes: 'max.message.bytes',
  messageTimestampType: 'message.timestamp.type',
  messageTimestampBeforeMaxMs: 'message.timestamp.before.max.ms',
  messageTimestampAfterMaxMs: 'message.timestamp.after.max.ms',
  minInsyncReplicas: 'min.insync.replicas',
};

/** Kafka's own defaults. */
export const DEFAULT_LOG_CONFIG: LogConfig = Object.freeze(
  Object.fromEntries(
    Object.entries(FIELDS).map(([field, name]) => [field, BY_NAME.get(name)!.default]),
  ) as unknown as LogConfig,
);

/**
 * Reads a topic's configurations over `defaults`. A property with a problem keeps its default, and all problems
 * are reported at once.
 */
export function parseLogConfig(
  properties: Readonly<Record<string, string | number | boolean>>,
  defaults: LogConfig = DEFAULT_LOG_CONFIG,
): { config: LogConfig; problems: OptionProblem[] } {
  const problems: OptionProblem[] = [];
  const values = new Map<string, unknown>();
  for (const [property, given] of Object.entries(properties)) {
    const definition = BY_NAME.get(property);
    if (definition === undefined) {
      const suggestion = nearestName(property, BY_NAME.keys());
      problems.push({
        property,
        message: 'is not a topic configuration',
        ...(suggestion === null ? {} : { suggestion }),
      });
      continue;
    }
    const parsed = parseOption(definition, given);
    if ('problem' in parsed) problems.push({ property, message: parsed.problem });
    else values.set(property, parsed.value);
  }
  const config = Object.fromEntries(
    Object.entries(FIELDS).map(([field, name]) => [
      field,
      values.get(name) ?? defaults[field as keyof LogConfig],
    ]),
  ) as unknown as LogConfig;
  return { config, problems };
}

/** The effective value of every option as text, as DescribeConfigs gives it, in the order of the table. */
export function describeLogConfig(config: LogConfig): { definition: OptionDefinition; value: string }[] {
  const byName = new Map(
    Object.entries(FIELDS).map(([field, name]) => [name, config[field as keyof LogConfig]]),
  );
  return LOG_OPTIONS.map((definition) => {
    const value = byName.get(definition.name) ?? definition.default;
    // A double cannot hold Java's Long.MAX_VALUE; tools print it as it should be.
    return { definition, value: value === LONG_MAX ? '9223372036854775807' : String(value) };
  });
}

function option(
  name: string,
  type: OptionDefinition['type'],
  value: OptionDefinition['default'],
  text: string,
): OptionDefinition {
  return { name, type, default: value, text };
}

function int(name: string, value: number, min: number, text: string, max = INT_MAX): OptionDefinition {
  return { ...option(name, 'int', value, text), min, max };
}

function long(name: string, value: number, min: number, text: string, max = LONG_MAX): OptionDefinition {
  return { ...option(name, 'long', value, text), min, max };
}

function idle(definition: OptionDefinition, withoutEffect: string): OptionDefinition {
  return { ...definition, withoutEffect };
}
