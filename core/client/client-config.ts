import { nearestName } from '../base/nearest-name.ts';
import type { OptionProblem, OptionTable, OptionValue } from '../base/options.ts';
import { parseOption } from '../base/parse-option.ts';
import { SECURITY_PROPERTY_NAMES } from './security/property-names.ts';
import { readSecurity } from './security/read-security.ts';
import { PLAINTEXT, type SecurityConfig } from './security/security-config.ts';

const MAX_INT = 0x7fff_ffff;

/** What connections and metadata need to know; times in milliseconds. A ProducerConfig fits. */
export interface ClientConfig {
  readonly requestTimeoutMs: number;
  readonly connectionSetupTimeoutMs: number;
  readonly connectionSetupTimeoutMaxMs: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  readonly metadataMaxAgeMs: number;
  /** Negative: never. */
  readonly connectionsMaxIdleMs: number;
  /** Time budget of metadata look-ups and admin calls that name none. */
  readonly defaultApiTimeoutMs: number;
  /** A longer response closes the connection. Kafka's clients have no such bound. */
  readonly maxResponseBytes: number;
  readonly security: SecurityConfig;
  /** Whether bootstrap servers are asked again once brokers are known (metadata.recovery.strategy, KIP-899). */
  readonly metadataRecovery: 'rebootstrap' | 'none';
  /** Known brokers are forgotten after this long without metadata (KIP-1102). */
  readonly rebootstrapTriggerMs: number;
}

interface ClientOption {
  readonly field: keyof ClientConfig;
  readonly name: string;
  readonly type: 'int' | 'long';
  readonly default: number;
  readonly min: number;
  readonly max?: number;
  readonly text: string;
}

const NUMBERS: readonly ClientOption[] = [
  {
    field: 'requestTimeoutMs',
    name: 'request.timeout.ms',
    type: 'int',
    default: 30_000,
    min: 0,
    max: MAX_INT,
    text: 'How long a request may wait for its response before its connection is closed.',
  },
  {
    field: 'connectionSetupTimeoutMs',
    name: 'socket.connection.setup.timeout.ms',
    type: 'long',
    default: 10_000,
    min: 0,
    max: MAX_INT,
    text: 'How long connecting may take; doubles with each failure in a row.',
  },
  {
    field: 'connectionSetupTimeoutMaxMs',
    name: 'socket.connection.setup.timeout.max.ms',
    type: 'long',
    default: 30_000,
    min: 0,
    max: MAX_INT,
    text: 'The most that connecting may take after failures.',
  },
  {
    field: 'retryBackoffMs',
    name: 'retry.backoff.ms',
    type: 'long',
    default: 100,
    min: 0,
    max: MAX_INT,
    text: 'Pause before the first retry of a request; doubles with each, 20 % jitter.',
  },
  {
    field: 'retryBackoffMaxMs',
    name: 'retry.backoff.max.ms',
    type: 'long',
    default: 1_000,
    min: 0,
    max: MAX_INT,
    text: 'The longest pause between retries of a request.',
  },
  {
    field: 'reconnectBackoffMs',
    name: 'reconnect.backoff.ms',
    type: 'long',
    default: 50,
    min: 0,
    max: MAX_INT,
    text: 'Pause before connecting again to a broker; doubles with each failure, 20 % jitter.',
  },
  {
    field: 'reconnectBackoffMaxMs',
    name: 'reconnect.backoff.max.ms',
    type: 'long',
    default: 1_000,
    min: 0,
    max: MAX_INT,
    text: 'The longest pause between attempts to connect to a broker.',
  },
  {
    field: 'metadataMaxAgeMs',
    name: 'metadata.max.age.ms',
    type: 'long',
    default: 300_000,
    min: 0,
    text: 'Metadata older than this is fetched anew, though nothing points at a change.',
  },
  {
    field: 'connectionsMaxIdleMs',
    name: 'connections.max.idle.ms',
    type: 'long',
    default: 540_000,
    min: -1,
    text: 'A connection without requests for this long is closed; -1: never.',
  },
  {
    field: 'defaultApiTimeoutMs',
    name: 'default.api.timeout.ms',
    type: 'int',
    default: 60_000,
    min: 0,
    max: MAX_INT,
    text: 'How long metadata look-ups and admin calls are retried in all.',
  },
];

/** The options of connections and metadata, beside bootstrap.servers. */
export const CLIENT_OPTIONS: OptionTable = [
  {
    name: 'client.id',
    type: 'string',
    default: '',
    text: 'Name sent with each request, for the logs and quotas of brokers.',
  },
  ...NUMBERS.map(({ field: _, ...definition }) => definition),
];

export const DEFAULT_CLIENT_CONFIG: ClientConfig = {
  ...configOf(new Map()),
  maxResponseBytes: 100 * 1024 * 1024,
  security: PLAINTEXT,
  metadataRecovery: 'rebootstrap',
  rebootstrapTriggerMs: 300_000,
};

/** Reads client properties under Kafka's names; reports everything that is wrong at once. */
export function parseClientConfig(properties: Readonly<Record<string, string | number | boolean>>): {
  readonly config: ClientConfig;
  readonly clientId: string;
  readonly problems: OptionProblem[];
} {
  const values = new Map<string, OptionValue>();
  const securing = new Map<string, OptionValue>();
  const problems: OptionProblem[] = [];
  for (const [property, given] of Object.entries(properties)) {
    if (SECURITY_PROPERTY_NAMES.includes(property)) {
      securing.set(property, String(given).trim());
      continue;
    }
    const definition = CLIENT_OPTIONS.find((option) => option.name === property);
    if (definition === undefined) {
      problems.push(unknownProperty(property));
      continue;
    }
    const parsed = parseOption(definition, given);
    if ('problem' in parsed) problems.push({ property, message: `${property} ${parsed.problem}` });
    else values.set(property, parsed.value);
  }
  const read = readSecurity(securing, new Set(securing.keys()));
  problems.push(...read.problems);
  const config = { ...DEFAULT_CLIENT_CONFIG, ...configOf(values), security: read.security };
  return { config, clientId: String(values.get('client.id') ?? ''), problems };
}

function configOf(
  values: ReadonlyMap<string, OptionValue>,
): Omit<ClientConfig, 'maxResponseBytes' | 'security' | 'metadataRecovery' | 'rebootstrapTriggerMs'> {
  const entries = NUMBERS.map((option) => [option.field, values.get(option.name) ?? option.default]);
  return Object.fromEntries(entries) as ClientConfig;
}

function unknownProperty(property: string): OptionProblem {
  const names = [...CLIENT_OPTIONS.map((option) => option.name), ...SECURITY_PROPERTY_NAMES];
  const suggestion = nearestName(property, names);
  const hint = suggestion === null ? '' : `; did you mean ${suggestion}?`;
  const problem = { property, message: `${property} is not a client property known here${hint}` };
  return suggestion === null ? problem : { ...problem, suggestion };
}
