import { BATCH_HEADER_BYTES } from '../../record/batch-layout.ts';
import type { ProducerBatch } from '../batches/producer-batch.ts';
import {
  type MetricDefinition,
  NODE_METRICS,
  type NodeStatistics,
  PRODUCER_METRICS,
  type ProducerStatistics,
  TOPIC_METRICS,
  type TopicStatistics,
} from './metric-table.ts';
import { type MetricWindow, WindowedStat } from './windowed-stat.ts';

const NS_PER_MS = 1e6;
const PRODUCER_GROUP = 'producer-metrics';

/** One figure under the name and in the group that Kafka's Java producer gives it. */
export interface ProducerMetric {
  readonly name: string;
  /** producer-metrics, producer-topic-metrics or producer-node-metrics. */
  readonly group: string;
  /** client-id, and topic or node-id where the group has them. */
  readonly tags: Readonly<Record<string, string>>;
  /** NaN where there is nothing to tell in the window, as in Kafka. */
  readonly value: number;
  readonly description: string;
}

/** A figure that is looked up when asked for. */
export interface Gauge {
  readonly name: string;
  readonly description: string;
  readonly value: number;
}

type Stats<Shape> = { -readonly [Field in keyof Shape]: Shape[Field] };

/**
 * What the producer's parts tell of their work, per batch and request and never per record, and what
 * Producer.metrics() answers from it under the names of Kafka's Java producer (SenderMetricsRegistry, BufferPool,
 * Selector). Memory is bounded by the topics and brokers written to.
 */
export class ProducerMetrics {
  private readonly window: MetricWindow;
  private readonly stats: Stats<ProducerStatistics>;
  private readonly topics = new Map<string, TopicStatistics>();
  private readonly nodes = new Map<number, NodeStatistics>();

  constructor(window: MetricWindow) {
    this.window = window;
    const stat = () => new WindowedStat(window);
    this.stats = {
      batchSize: stat(),
      compressionRate: stat(),
      queueTime: stat(),
      recordSize: stat(),
      recordsPerRequest: stat(),
      retries: stat(),
      errors: stat(),
      splits: stat(),
      throttle: stat(),
      latency: stat(),
      requestSize: stat(),
      responses: stat(),
      bufferWaitNs: stat(),
      exhausted: stat(),
      flushNs: 0,
      metadataWaitNs: 0,
    };
  }

  /** A request was written, with batches that may have been sent before (Sender.updateProduceRequestMetrics). */
  noteRequest(nodeId: number, bytes: number, batches: readonly ProducerBatch[], nowNs: number): void {
    const nowMs = nowNs / NS_PER_MS;
    let records = 0;
    for (const batch of batches) {
      records += batch.recordCount;
      this.noteBatch(batch, nowMs);
    }
    this.stats.recordsPerRequest.record(records, nowMs);
    this.stats.requestSize.record(bytes, nowMs);
    this.node(nodeId).requestSize.record(bytes, nowMs);
  }

  /** A response came, or acks=0 and the request was written. */
  noteResponse(nodeId: number, latencyNs: number, throttleTimeMs: number, nowNs: number): void {
    const nowMs = nowNs / NS_PER_MS;
    this.stats.latency.record(latencyNs / NS_PER_MS, nowMs);
    this.stats.throttle.record(throttleTimeMs, nowMs);
    this.stats.responses.record(1, nowMs);
    const node = this.node(nodeId);
    node.latency.record(latencyNs / NS_PER_MS, nowMs);
    node.responses.record(1, nowMs);
  }

  noteRetry(topic: string, records: number, nowNs: number): void {
    this.stats.retries.record(records, nowNs / NS_PER_MS);
    this.topic(topic).retries.record(records, nowNs / NS_PER_MS);
  }

  noteSplit(nowNs: number): void {
    this.stats.splits.record(1, nowNs / NS_PER_MS);
  }

  /** Records failed, in a batch or before one took them. */
  noteErrors(topic: string, records: number, nowNs: number): void {
    this.stats.errors.record(records, nowNs / NS_PER_MS);
    // Like Kafka, only for topics that something was sent to: a name that is none must not stay for ever.
    this.topics.get(topic)?.errors.record(records, nowNs / NS_PER_MS);
  }

  /** For so long the same record was the first of those who wait for buffer.memory. */
  noteBufferWait(waitedNs: number, nowNs: number): void {
    this.stats.bufferWaitNs.record(waitedNs, nowNs / NS_PER_MS);
  }

  /** A record failed for want of buffer.memory. */
  noteExhausted(nowNs: number): void {
    this.stats.exhausted.record(1, nowNs / NS_PER_MS);
  }

  /** The metadata that a record waited for is there. */
  noteMetadataWait(waitedNs: number): void {
    this.stats.metadataWaitNs += waitedNs;
  }

  noteFlush(tookNs: number): void {
    this.stats.flushNs += tookNs;
  }

  report(clientId: string, gauges: readonly Gauge[], nowNs: number): ProducerMetric[] {
    const nowMs = nowNs / NS_PER_MS;
    const tags = { 'client-id': clientId };
    const metrics = readAll(PRODUCER_METRICS, this.stats, nowMs, { group: PRODUCER_GROUP, tags });
    for (const gauge of gauges) metrics.push({ ...gauge, group: PRODUCER_GROUP, tags });
    for (const [topic, stats] of this.topics) {
      const place = { group: 'producer-topic-metrics', tags: { ...tags, topic } };
      metrics.push(...readAll(TOPIC_METRICS, stats, nowMs, place));
    }
    for (const [nodeId, stats] of this.nodes) {
      const place = { group: 'producer-node-metrics', tags: { ...tags, 'node-id': `node-${nodeId}` } };
      metrics.push(...readAll(NODE_METRICS, stats, nowMs, place));
    }
    return metrics;
  }

  private noteBatch(batch: ProducerBatch, nowMs: number): void {
    const { queue, recordCount, uncompressedBytes, wireBytes, lastDrainedNs, createdNs } = batch;
    // Where writing failed at once the batch may be gone already.
    if (queue === null) return;
    const recordBytes = uncompressedBytes - BATCH_HEADER_BYTES;
    const compressionRate = (wireBytes - BATCH_HEADER_BYTES) / recordBytes;
    this.stats.batchSize.record(wireBytes, nowMs);
    this.stats.compressionRate.record(compressionRate, nowMs);
    this.stats.queueTime.record((lastDrainedNs - createdNs) / NS_PER_MS, nowMs);
    this.stats.recordSize.record(recordBytes / recordCount, nowMs);
    const topic = this.topic(queue.topic.name);
    topic.records.record(recordCount, nowMs);
    topic.bytes.record(wireBytes, nowMs);
    topic.compressionRate.record(compressionRate, nowMs);
  }

  private topic(name: string): TopicStatistics {
    let stats = this.topics.get(name);
    if (stats === undefined) {
      const stat = () => new WindowedStat(this.window);
      stats = { records: stat(), bytes: stat(), compressionRate: stat(), retries: stat(), errors: stat() };
      this.topics.set(name, stats);
    }
    return stats;
  }

  private node(nodeId: number): NodeStatistics {
    let stats = this.nodes.get(nodeId);
    if (stats === undefined) {
      const stat = () => new WindowedStat(this.window);
      stats = { latency: stat(), requestSize: stat(), responses: stat() };
      this.nodes.set(nodeId, stats);
    }
    return stats;
  }
}

/** The figures of the producer as a whole by their names, without those of single topics and brokers. */
export function mainMetrics(metrics: readonly ProducerMetric[]): Readonly<Record<string, number>> {
  const main = metrics.filter(({ group }) => group === PRODUCER_GROUP);
  return Object.fromEntries(main.map(({ name, value }) => [name, value]));
}

function readAll<Shape>(
  definitions: readonly MetricDefinition<Shape>[],
  stats: Shape,
  nowMs: number,
  place: Pick<ProducerMetric, 'group' | 'tags'>,
): ProducerMetric[] {
  return definitions.map(({ name, description, read }) => ({
    name,
    ...place,
    value: read(stats, nowMs),
    description,
  }));
}
