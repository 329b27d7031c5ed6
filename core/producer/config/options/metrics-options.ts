import { optionsOf, type ProducerOption } from './define-option.ts';

const { int, long, flag, text, list } = optionsOf('metrics');

/** What the producer tells of itself. */
export const METRICS_OPTIONS: readonly ProducerOption[] = [
  flag(
    'enable.metrics.push',
    'low',
    true,
    "Send the producer's metrics to brokers that ask for them (KIP-714).",
    { withoutEffect: 'Metrics are never sent to brokers; metrics() gives them.' },
  ),
  list(
    'metric.reporters',
    'low',
    'org.apache.kafka.common.metrics.JmxReporter',
    'Java classes that are told of new metrics.',
    { refused: 'Java classes cannot run here: leave it out, and read producer.metrics() instead.' },
  ),
  int('metrics.num.samples', 'low', 2, 'Samples kept to compute a metric from.', {
    min: 1,
  }),
  text('metrics.recording.level', 'low', 'INFO', 'How much detail metrics have.', {
    oneOf: ['INFO', 'DEBUG', 'TRACE'],
    withoutEffect: 'There is one level: every metric is recorded.',
  }),
  long('metrics.sample.window.ms', 'low', 30_000, 'Length of one sample of a metric.', {
    min: 0,
  }),
];
