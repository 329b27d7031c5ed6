/** The formats for other tools, with what reads them; light, so that --help need not load what writes them. */
export const FORMAT_SUMMARIES = {
  omb: 'OpenMessaging Benchmark result JSON, one file per level',
  'github-action-benchmark': 'JSON of benchmark-action/github-action-benchmark, one file per direction',
  bencher: 'Bencher Metric Format (JSON)',
  otava: 'CSV for Apache Otava, one row per run, and its configuration',
  benchstat: 'Go benchmark text for benchstat',
  junit: 'JUnit XML, one case per gate',
  markdown: 'a table with intervals, as a job summary shows it',
  prometheus: 'Prometheus text exposition',
  'perf-test': "kafka-producer-perf-test's line, one per trial",
} as const satisfies Readonly<Record<string, string>>;

export type FormatName = keyof typeof FORMAT_SUMMARIES;

export const FORMAT_NAMES = Object.keys(FORMAT_SUMMARIES) as readonly FormatName[];

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMAT_SUMMARIES, name);
}
