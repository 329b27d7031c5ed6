import { optionsOf, type ProducerOption } from './define-option.ts';

const { int, long, text, list } = optionsOf('connections');

const SOCKET_BUFFERS = { min: -1, withoutEffect: 'Node cannot set it: the system chooses.' };

/** How brokers are found, reached and kept. */
export const CONNECTION_OPTIONS: readonly ProducerOption[] = [
  list(
    'bootstrap.servers',
    'high',
    '',
    'host:port pairs, comma separated, from which the producer learns the whole cluster.',
  ),
  text(
    'client.dns.lookup',
    'medium',
    'use_all_dns_ips',
    'Whether to try every address of a host name in turn.',
    {
      oneOf: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'],
      withoutEffect: 'Node tries the addresses of a host by itself.',
    },
  ),
  text('client.id', 'medium', '', 'Name of this producer in requests, for logs and quotas.'),
  long(
    'connections.max.idle.ms',
    'medium',
    540_000,
    'A connection unused for this long is closed; negative: never.',
  ),
  int(
    'receive.buffer.bytes',
    'medium',
    32_768,
    "Size of the socket's receive buffer; -1 leaves it to the system.",
    SOCKET_BUFFERS,
  ),
  int(
    'send.buffer.bytes',
    'medium',
    131_072,
    "Size of the socket's send buffer; -1 leaves it to the system.",
    SOCKET_BUFFERS,
  ),
  long(
    'socket.connection.setup.timeout.max.ms',
    'medium',
    30_000,
    'How long a later attempt to connect may take at most.',
  ),
  long(
    'socket.connection.setup.timeout.ms',
    'medium',
    10_000,
    'How long a first attempt to connect may take; doubles with each failure.',
  ),
  long('metadata.max.age.ms', 'low', 300_000, 'Metadata older than this is fetched again.', { min: 0 }),
  long(
    'metadata.max.idle.ms',
    'low',
    300_000,
    'Metadata of a topic not sent to for this long is forgotten.',
    { min: 5_000 },
  ),
  text(
    'metadata.recovery.strategy',
    'low',
    'rebootstrap',
    'What to do when no known broker can be reached: begin again at bootstrap.servers, or fail (none).',
    {
      oneOf: ['rebootstrap', 'none'],
      ignoresCase: true,
    },
  ),
  long(
    'metadata.recovery.rebootstrap.trigger.ms',
    'low',
    300_000,
    'After this long without metadata from any known broker, begin again at bootstrap.servers.',
    {
      min: 0,
    },
  ),
  long('reconnect.backoff.max.ms', 'low', 1_000, 'Longest pause between two attempts to reach a broker.', {
    min: 0,
  }),
  long(
    'reconnect.backoff.ms',
    'low',
    50,
    'Pause before the first new attempt to reach a broker; doubles each time, unless it is given without reconnect.backoff.max.ms.',
    { min: 0 },
  ),
];
