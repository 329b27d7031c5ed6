import type { KafkaCluster } from '../kafka/start-kafka.ts';

/** Between fields, records and headers: control characters that occur in no payload of these tests. */
const FIELD = '\x1f';
const RECORD = '\x1e\n';
const HEADER = '\x1d';
const NULL = '\x1a';
const IDLE_TIMEOUT_MS = 15_000;

/** A record as text, the way Kafka's DefaultMessageFormatter prints it. */
export interface PrintedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestampType: string;
  readonly timestamp: number;
  /** `name:value` each. */
  readonly headers: readonly string[];
  readonly key: string | null;
  readonly value: string | null;
}

/**
 * Reads the first `count` records of topics with Kafka's own ConsoleConsumer; rejects when there are fewer. It does not
 * print the topic: where there are several, the records must say it.
 */
export async function consumeWithConsole(
  kafka: KafkaCluster,
  topics: readonly string[],
  count: number,
): Promise<PrintedRecord[]> {
  const shown = ['timestamp', 'partition', 'offset', 'headers', 'key', 'value'];
  const properties = [
    ...shown.map((name) => `print.${name}=true`),
    `key.separator=${FIELD}`,
    `line.separator=${RECORD}`,
    `headers.separator=${HEADER}`,
    `null.literal=${NULL}`,
  ];
  const output = await kafka.toolOutput('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...['--bootstrap-server', kafka.bootstrapServers, '--include', topics.join('|'), '--from-beginning'],
    ...['--max-messages', String(count), '--timeout-ms', String(IDLE_TIMEOUT_MS)],
    ...properties.flatMap((property) => ['--property', property]),
  ]);
  const lines = output.split(RECORD);
  if (lines.pop() !== '') throw new Error(`ConsoleConsumer ended in the middle of a record of ${topics}`);
  if (lines.length !== count) {
    throw new Error(`ConsoleConsumer read ${lines.length} records of ${topics}, not ${count}`);
  }
  return lines.map(parseRecord);
}

function parseRecord(line: string): PrintedRecord {
  const [time = '', partition = '', offset = '', headers = '', key = '', value = '', ...rest] =
    line.split(FIELD);
  const [, timestampType = '', timestamp = ''] = /^(CreateTime|LogAppendTime):(\d+)$/.exec(time) ?? [];
  if (timestampType === '' || rest.length > 0) throw unreadable(line);
  return {
    partition: numberAfter('Partition:', partition, line),
    offset: numberAfter('Offset:', offset, line),
    timestampType,
    timestamp: Number(timestamp),
    headers: headers === 'NO_HEADERS' ? [] : headers.split(HEADER),
    key: key === NULL ? null : key,
    value: value === NULL ? null : value,
  };
}

function numberAfter(prefix: string, field: string, line: string): number {
  if (!field.startsWith(prefix) || !/^\d+$/.test(field.slice(prefix.length))) throw unreadable(line);
  return Number(field.slice(prefix.length));
}

function unreadable(line: string): Error {
  return new Error(`ConsoleConsumer printed what is no record: ${JSON.stringify(line)}`);
}

/** How a header is printed. */
export function printedHeader(name: string, value: string | null): string {
  return `${name}:${value ?? NULL}`;
}
