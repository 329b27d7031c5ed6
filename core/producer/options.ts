import type { OptionDefinition, OptionTable } from '../base/options.ts';

const INT_MAX = 2_147_483_647;
const LONG_MAX = Number.MAX_SAFE_INTEGER;

function int(
  name: string,
  value: number,
  range: { min?: number; max?: number },
  text: string,
): OptionDefinition {
  return { name, type: 'int', default: value, min: -INT_MAX - 1, max: INT_MAX, ...range, text };
}

function long(name: string, value: number, range: { min?: number }, text: string): OptionDefinition {
  return { name, type: 'long', default: value, min: -LONG_MAX, max: LONG_MAX, ...range, text };
}

function flag(name: string, value: boolean, text: string): OptionDefinition {
  return { name, type: 'boolean', default: value, text };
}

/**
 * Every producer property that has a meaning here, under Kafka's own names, with the defaults and ranges of
 * Kafka 4.1 (ProducerConfig), but for enable.idempotence, whose text says why.
 */
export const PRODUCER_OPTIONS: OptionTable = [
  {
    name: 'bootstrap.servers',
    type: 'list',
    default: '',
    text: 'host:port pairs, comma separated, from which the producer learns the whole cluster.',
  },
  {
    name: 'acks',
    type: 'string',
    default: 'all',
    oneOf: ['all', '-1', '0', '1'],
    text: 'Who must have a batch before it counts as sent: 0 nobody, 1 the leader, all (-1) every replica in sync.',
  },
  int(
    'batch.size',
    16_384,
    { min: 0 },
    'Bytes one batch of one partition may hold; 0 sends each record alone.',
  ),
  long(
    'linger.ms',
    5,
    { min: 0 },
    'How long a batch that is not full waits for more records; 0 starts no timer.',
  ),
  long(
    'buffer.memory',
    33_554_432,
    { min: 0 },
    'Bytes for batches not yet settled; when they are used up, send() waits for max.block.ms.',
  ),
  long(
    'max.block.ms',
    60_000,
    { min: 0 },
    'How long a send may wait for metadata and for buffer.memory together before it fails.',
  ),
  int(
    'max.request.size',
    1_048_576,
    { min: 0 },
    'Bytes one request may hold, and the largest record accepted.',
  ),
  {
    name: 'compression.type',
    type: 'string',
    default: 'none',
    oneOf: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    text: 'Codec for whole batches; larger batches compress better.',
  },
  int(
    'compression.gzip.level',
    -1,
    { min: -1, max: 9 },
    'gzip level 1 (fast) to 9 (small); -1 is its default.',
  ),
  {
    ...int('compression.lz4.level', 9, { min: 1, max: 17 }, 'lz4 level 1 (fast) to 17 (small).'),
    withoutEffect: 'The lz4 library used here has one level.',
  },
  int('compression.zstd.level', 3, { min: -131_072, max: 22 }, 'zstd level -131072 (fast) to 22 (small).'),
  {
    name: 'partitioner.class',
    type: 'class',
    default: null,
    text: 'keyed, sticky, uniform-sticky, adaptive, round-robin, random, a module path, or the name of a Java partitioner; empty is the built-in one: the hash of the key, adaptive without a key.',
  },
  flag(
    'partitioner.ignore.keys',
    false,
    'Spread records that have a key as if they had none (built-in partitioner and sticky).',
  ),
  flag(
    'partitioner.adaptive.partitioning.enable',
    true,
    'Give fewer records without a key to partitions whose batches queue up; false draws evenly.',
  ),
  long(
    'partitioner.availability.timeout.ms',
    0,
    { min: 0 },
    'Leave out partitions whose broker has had batches ready but taken none for this long; 0 never.',
  ),
  int(
    'max.in.flight.requests.per.connection',
    5,
    { min: 1 },
    'Unanswered requests per broker; with more than 1 and without idempotence a retry may reorder records.',
  ),
  int(
    'retries',
    INT_MAX,
    { min: 0 },
    'Attempts after a retriable failure; delivery.timeout.ms bounds them in time.',
  ),
  long(
    'retry.backoff.ms',
    100,
    { min: 0 },
    'Pause before the first retry; doubles each time, with 20 % jitter.',
  ),
  long('retry.backoff.max.ms', 1_000, { min: 0 }, 'Longest pause between two retries.'),
  int(
    'delivery.timeout.ms',
    120_000,
    { min: 0 },
    'A record is acknowledged or failed within this time of the creation of its batch.',
  ),
  int(
    'request.timeout.ms',
    30_000,
    { min: 0 },
    'How long to wait for one response before the request has failed.',
  ),
  {
    name: 'enable.idempotence',
    type: 'boolean',
    default: false,
    text: "Exactly one copy of each record in order despite retries. Kafka's default is true; it is not served here until a later version, so the default is false and true is refused.",
  },
  {
    name: 'client.id',
    type: 'string',
    default: '',
    text: 'Name of this producer in requests, for logs and quotas.',
  },
  {
    name: 'client.dns.lookup',
    type: 'string',
    default: 'use_all_dns_ips',
    oneOf: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'],
    text: 'Whether to try every address of a host name in turn.',
    withoutEffect: 'Node tries the addresses of a host by itself.',
  },
  long('metadata.max.age.ms', 300_000, { min: 0 }, 'Metadata older than this is fetched again.'),
  {
    ...long(
      'metadata.max.idle.ms',
      300_000,
      { min: 5_000 },
      'Metadata of a topic not sent to for this long is forgotten.',
    ),
    withoutEffect: 'Topics are kept for the life of the producer.',
  },
  ...['key.serializer', 'value.serializer'].map(
    (name): OptionDefinition => ({
      name,
      type: 'class',
      default: null,
      text: 'How applications turn objects into bytes.',
      withoutEffect: 'Bytes and text are sent as they are.',
    }),
  ),
  long(
    'reconnect.backoff.ms',
    50,
    { min: 0 },
    'Pause before the first new attempt to reach a broker; doubles each time.',
  ),
  long(
    'reconnect.backoff.max.ms',
    1_000,
    { min: 0 },
    'Longest pause between two attempts to reach a broker.',
  ),
  long(
    'connections.max.idle.ms',
    540_000,
    {},
    'A connection unused for this long is closed; negative: never.',
  ),
  long('socket.connection.setup.timeout.ms', 10_000, {}, 'How long a first attempt to connect may take.'),
  long(
    'socket.connection.setup.timeout.max.ms',
    30_000,
    {},
    'How long a later attempt to connect may take at most.',
  ),
  {
    ...int(
      'send.buffer.bytes',
      131_072,
      { min: -1 },
      "Size of the socket's send buffer; -1 leaves it to the system.",
    ),
    withoutEffect: 'Node cannot set it: the system chooses.',
  },
  {
    ...int(
      'receive.buffer.bytes',
      32_768,
      { min: -1 },
      "Size of the socket's receive buffer; -1 leaves it to the system.",
    ),
    withoutEffect: 'Node cannot set it: the system chooses.',
  },
];
