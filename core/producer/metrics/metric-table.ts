import type { WindowedStat } from './windowed-stat.ts';

/** One figure of a set of stats; names and meanings are those of Kafka's Java producer. */
export interface MetricDefinition<Stats> {
  readonly name: string;
  readonly description: string;
  readonly read: (stats: Stats, nowMs: number) => number;
}

type Pick<Stats> = (stats: Stats) => WindowedStat;

function averageAndMax<Stats>(name: string, what: string, pick: Pick<Stats>): MetricDefinition<Stats>[] {
  return [
    {
      name: `${name}-avg`,
      description: `Average of ${what}`,
      read: (stats, nowMs) => pick(stats).average(nowMs),
    },
    {
      name: `${name}-max`,
      description: `Largest of ${what}`,
      read: (stats, nowMs) => pick(stats).max(nowMs),
    },
  ];
}

/** A rate and a total of what was recorded (Meter). */
function meter<Stats>(name: string, what: string, pick: Pick<Stats>): MetricDefinition<Stats>[] {
  return [
    {
      name: `${name}-rate`,
      description: `${what} per second`,
      read: (stats, nowMs) => pick(stats).perSecond(nowMs),
    },
    { name: `${name}-total`, description: `${what} in all`, read: (stats) => pick(stats).total },
  ];
}

/** A rate and a total of how often something was recorded (Meter of WindowedCount). */
function countMeter<Stats>(name: string, what: string, pick: Pick<Stats>): MetricDefinition<Stats>[] {
  return [
    {
      name: `${name}-rate`,
      description: `${what} per second`,
      read: (stats, nowMs) => pick(stats).eventsPerSecond(nowMs),
    },
    { name: `${name}-total`, description: `${what} in all`, read: (stats) => pick(stats).totalEvents },
  ];
}

/** What is recorded for the whole producer. */
export interface ProducerStatistics {
  readonly batchSize: WindowedStat;
  readonly compressionRate: WindowedStat;
  readonly queueTime: WindowedStat;
  readonly recordSize: WindowedStat;
  readonly recordsPerRequest: WindowedStat;
  readonly retries: WindowedStat;
  readonly errors: WindowedStat;
  readonly splits: WindowedStat;
  readonly throttle: WindowedStat;
  readonly latency: WindowedStat;
  readonly requestSize: WindowedStat;
  readonly responses: WindowedStat;
  readonly bufferWaitNs: WindowedStat;
  readonly exhausted: WindowedStat;
  readonly flushNs: number;
  readonly metadataWaitNs: number;
}

export const PRODUCER_METRICS: readonly MetricDefinition<ProducerStatistics>[] = [
  ...averageAndMax<ProducerStatistics>(
    'batch-size',
    'the bytes of a batch as sent, compressed',
    (stats) => stats.batchSize,
  ),
  {
    name: 'compression-rate-avg',
    description: 'Average of the compressed size of the records of a batch over their uncompressed size',
    read: (stats, nowMs) => stats.compressionRate.average(nowMs),
  },
  ...averageAndMax<ProducerStatistics>(
    'record-queue-time',
    'the ms from the creation of a batch until it is sent',
    (stats) => stats.queueTime,
  ),
  ...averageAndMax<ProducerStatistics>(
    'record-size',
    'the mean bytes per record of a batch, uncompressed (a single record may be larger)',
    (stats) => stats.recordSize,
  ),
  {
    name: 'records-per-request-avg',
    description: 'Average of the records in a request',
    read: (stats, nowMs) => stats.recordsPerRequest.average(nowMs),
  },
  ...meter<ProducerStatistics>(
    'record-send',
    'Records sent, those sent again included,',
    (stats) => stats.recordsPerRequest,
  ),
  ...meter<ProducerStatistics>('record-retry', 'Records put back to be sent again', (stats) => stats.retries),
  ...meter<ProducerStatistics>('record-error', 'Records that failed', (stats) => stats.errors),
  ...countMeter<ProducerStatistics>(
    'batch-split',
    'Batches split as too large for a broker',
    (stats) => stats.splits,
  ),
  ...averageAndMax<ProducerStatistics>(
    'produce-throttle-time',
    'the ms for which a broker throttled a request',
    (stats) => stats.throttle,
  ),
  ...averageAndMax<ProducerStatistics>(
    'request-latency',
    'the ms from a produce request to its response',
    (stats) => stats.latency,
  ),
  ...averageAndMax<ProducerStatistics>(
    'request-size',
    'the bytes of a produce request',
    (stats) => stats.requestSize,
  ),
  ...countMeter<ProducerStatistics>('request', 'Produce requests sent', (stats) => stats.requestSize),
  ...meter<ProducerStatistics>('outgoing-byte', 'Bytes of produce requests', (stats) => stats.requestSize),
  ...countMeter<ProducerStatistics>(
    'response',
    'Responses to produce requests (acks=0: requests written)',
    (stats) => stats.responses,
  ),
  {
    name: 'bufferpool-wait-ratio',
    description: 'Share of the time in which a record waited for buffer.memory',
    read: (stats, nowMs) => stats.bufferWaitNs.perSecond(nowMs) / 1e9,
  },
  {
    name: 'bufferpool-wait-time-ns-total',
    description: 'Nanoseconds in which a record waited for buffer.memory, in all',
    read: (stats) => stats.bufferWaitNs.total,
  },
  ...countMeter<ProducerStatistics>(
    'buffer-exhausted',
    'Records failed for want of buffer.memory',
    (stats) => stats.exhausted,
  ),
  {
    name: 'flush-time-ns-total',
    description: 'Nanoseconds spent in flush(), in all',
    read: (stats) => stats.flushNs,
  },
  {
    name: 'metadata-wait-time-ns-total',
    description: 'Nanoseconds that records waited for the metadata of their topics, in all',
    read: (stats) => stats.metadataWaitNs,
  },
];

export interface TopicStatistics {
  readonly records: WindowedStat;
  readonly bytes: WindowedStat;
  readonly compressionRate: WindowedStat;
  readonly retries: WindowedStat;
  readonly errors: WindowedStat;
}

export const TOPIC_METRICS: readonly MetricDefinition<TopicStatistics>[] = [
  ...meter<TopicStatistics>('record-send', 'Records sent to the topic', (stats) => stats.records),
  ...meter<TopicStatistics>('byte', 'Bytes of batches sent to the topic', (stats) => stats.bytes),
  {
    name: 'compression-rate',
    description: "Average of the compressed over the uncompressed size of the records of the topic's batches",
    read: (stats, nowMs) => stats.compressionRate.average(nowMs),
  },
  ...meter<TopicStatistics>('record-retry', 'Records of the topic put back', (stats) => stats.retries),
  ...meter<TopicStatistics>('record-error', 'Records of the topic that failed', (stats) => stats.errors),
];

export interface NodeStatistics {
  readonly latency: WindowedStat;
  readonly requestSize: WindowedStat;
  readonly responses: WindowedStat;
}

export const NODE_METRICS: readonly MetricDefinition<NodeStatistics>[] = [
  ...averageAndMax<NodeStatistics>(
    'request-latency',
    'the ms from a produce request to this broker to its response',
    (stats) => stats.latency,
  ),
  ...averageAndMax<NodeStatistics>(
    'request-size',
    'the bytes of a produce request to this broker',
    (stats) => stats.requestSize,
  ),
  ...countMeter<NodeStatistics>('request', 'Produce requests to this broker', (stats) => stats.requestSize),
  ...meter<NodeStatistics>(
    'outgoing-byte',
    'Bytes of produce requests to this broker',
    (stats) => stats.requestSize,
  ),
  ...countMeter<NodeStatistics>('response', 'Responses of this broker', (stats) => stats.responses),
];
