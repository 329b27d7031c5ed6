import type { ProducerMetric } from '../../core/producer/metrics/producer-metrics.ts';

/** The producer's metrics as Kafka's tools print them (ToolsUtils.printMetrics): `group:name:{tags}`, sorted. */
export function metricLines(metrics: readonly ProducerMetric[]): string[] {
  const named = metrics
    .map(({ group, name, tags, value }) => ({ key: `${group}:${name}:${tagsText(tags)}`, value }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  const width = Math.max(0, ...named.map(({ key }) => key.length));
  const lines = named.map(({ key, value }) => `${key.padEnd(width)} : ${valueText(value)}`);
  return ['', `${'Metric Name'.padEnd(width)}   Value`, ...lines];
}

function tagsText(tags: ProducerMetric['tags']): string {
  const pairs = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return `{${pairs.join(', ')}}`;
}

/** Java's words for what is no number. */
function valueText(value: number): string {
  if (Number.isFinite(value)) return value.toFixed(3);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}
