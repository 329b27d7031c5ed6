import { resolve } from 'node:path';
import { usageError } from '../cli-error.ts';
import { readPropertiesFile } from '../read-properties-file.ts';

/** What `tidemark perf` was told, each within its own bounds; null = not given. */
export interface PerfFlags {
  readonly topic: string;
  readonly numRecords: number;
  /** Records per second; -1: no limit. */
  readonly throughput: number;
  readonly recordSizeBytes: number | null;
  readonly payloadFile: string | null;
  readonly payloadDelimiter: string | null;
  readonly payloadMonotonic: boolean;
  readonly bootstrapServer: string | null;
  /** In order; the last of a name counts. */
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  /** Each with the option that named it; at most one. */
  readonly configFiles: readonly { readonly option: string; readonly path: string }[];
  readonly printMetrics: boolean;
  readonly warmupRecords: number;
  readonly reportingIntervalMs: number;
  /** Options of transactions that were given. */
  readonly transactional: readonly string[];
}

export type PerfPayload =
  | { readonly kind: 'random'; readonly sizeBytes: number }
  | { readonly kind: 'file'; readonly path: string; readonly delimiter: string }
  | { readonly kind: 'monotonic' };

export interface PerfSettings {
  readonly topic: string;
  readonly numRecords: number;
  /** null: no limit. */
  readonly recordsPerSecond: number | null;
  readonly payload: PerfPayload;
  /** Everything for the producer but the servers. */
  readonly properties: Readonly<Record<string, string>>;
  /** null: the embedded cluster. */
  readonly bootstrapServers: string | null;
  readonly printMetrics: boolean;
  /** The first records, which the second summary leaves out; 0: there is no second. */
  readonly warmupRecords: number;
  readonly reportingIntervalMs: number;
  readonly notes: readonly string[];
}

/** The tool's own name for its producer. */
const CLIENT_ID = 'perf-producer-client';
const NO_TRANSACTIONS =
  'this producer has no transactions, so a run with them would measure something else; leave it out, or use kafka-producer-perf-test';

/** Properties: file < --producer-props and --command-property < --bootstrap-server. Exit 2 with all that is wrong. */
export function perfSettings(flags: PerfFlags, workingDirectory: string): PerfSettings {
  const problems: string[] = flags.transactional.map((option) => `${option}: ${NO_TRANSACTIONS}`);
  const payload = payloadOf(flags, workingDirectory, problems);
  const { numRecords, warmupRecords } = flags;
  if (warmupRecords >= numRecords && warmupRecords > 0) {
    problems.push(
      `--warmup-records ${warmupRecords} leaves nothing of --num-records ${numRecords} to measure: expected fewer`,
    );
  }
  if (flags.configFiles.length > 1) {
    const options = flags.configFiles.map(({ option }) => option).join(' and ');
    problems.push(`${options} are two names of one option: expected one of them`);
  }
  const notes: string[] = [];
  const properties = propertiesOf(flags, workingDirectory, notes);
  if ((properties.get('transactional.id') ?? '') !== '') {
    problems.push(`transactional.id: ${NO_TRANSACTIONS}`);
  }
  if (problems.length > 0 || payload === null) throw usageError(...problems);
  const bootstrapServers = flags.bootstrapServer ?? properties.get('bootstrap.servers') ?? null;
  for (const name of ['bootstrap.servers', 'key.serializer', 'value.serializer', 'transactional.id']) {
    properties.delete(name);
  }
  return {
    topic: flags.topic,
    numRecords,
    recordsPerSecond: flags.throughput === -1 ? null : flags.throughput,
    payload,
    properties: { 'client.id': CLIENT_ID, ...Object.fromEntries(properties) },
    bootstrapServers: bootstrapServers?.trim() === '' ? null : bootstrapServers,
    printMetrics: flags.printMetrics,
    warmupRecords,
    reportingIntervalMs: flags.reportingIntervalMs,
    notes,
  };
}

function payloadOf(flags: PerfFlags, workingDirectory: string, problems: string[]): PerfPayload | null {
  const { recordSizeBytes, payloadFile, payloadDelimiter, payloadMonotonic } = flags;
  const given = [
    ...(recordSizeBytes === null ? [] : ['--record-size']),
    ...(payloadFile === null ? [] : ['--payload-file']),
    ...(payloadMonotonic ? ['--payload-monotonic'] : []),
  ];
  if (given.length !== 1) {
    const got = given.length === 0 ? 'none of them' : given.join(' and ');
    problems.push(
      `got ${got}, expected exactly one of --record-size, --payload-file and --payload-monotonic`,
    );
    return null;
  }
  if (recordSizeBytes !== null) return { kind: 'random', sizeBytes: recordSizeBytes };
  if (payloadFile === null) return { kind: 'monotonic' };
  return {
    kind: 'file',
    path: resolve(workingDirectory, payloadFile),
    delimiter: payloadDelimiter ?? '\n',
  };
}

function propertiesOf(
  { configFiles, properties }: PerfFlags,
  workingDirectory: string,
  notes: string[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { option, path } of configFiles.length === 1 ? configFiles : []) {
    const read = readPropertiesFile(option, path, workingDirectory);
    notes.push(...read.notes);
    for (const { name, value } of read.properties) found.set(name, value.trim());
  }
  for (const { name, value } of properties) found.set(name, value);
  return found;
}
