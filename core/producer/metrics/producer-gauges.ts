import type { ProducerConfig } from '../config/config.ts';
import type { Gauge } from './producer-metrics.ts';
import type { MetricWindow } from './windowed-stat.ts';

const DEFAULT_SAMPLES = 2;
const DEFAULT_SAMPLE_MS = 30_000;

/** metrics.num.samples samples of metrics.sample.window.ms. */
export function metricWindow({ effective }: ProducerConfig): MetricWindow {
  return {
    samples: Number(effective['metrics.num.samples'] ?? DEFAULT_SAMPLES),
    sampleMs: Number(effective['metrics.sample.window.ms'] ?? DEFAULT_SAMPLE_MS),
  };
}

/** What is so at this moment. */
export function gaugesOf(now: {
  readonly pool: { readonly totalBytes: number; readonly availableBytes: number };
  /** Records that wait for memory. */
  readonly waiting: number;
  readonly requestsInFlight: number;
  readonly metadataAgeNs: number;
}): Gauge[] {
  return [
    { name: 'buffer-total-bytes', description: 'buffer.memory', value: now.pool.totalBytes },
    {
      name: 'buffer-available-bytes',
      description: 'Of buffer.memory, what no batch holds',
      value: now.pool.availableBytes,
    },
    {
      name: 'waiting-threads',
      description: 'Records that wait for buffer.memory (in Kafka each blocks a thread)',
      value: now.waiting,
    },
    {
      name: 'requests-in-flight',
      description: 'Produce requests without a response yet',
      value: now.requestsInFlight,
    },
    {
      name: 'metadata-age',
      description: 'Seconds since metadata was read last',
      value: now.metadataAgeNs / 1e9,
    },
  ];
}
