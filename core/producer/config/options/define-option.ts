import type { OptionDefinition, OptionValue } from '../../../base/options.ts';

/** Kafka's own judgement of how likely a property is to be set. */
export type Importance = 'high' | 'medium' | 'low';

/** A producer property with what Kafka says of it, and where it stands in lists. */
export interface ProducerOption extends OptionDefinition {
  readonly importance: Importance;
  readonly group: OptionGroup;
}

/** The themes of the table, in the order in which they are shown. */
export const OPTION_GROUPS = {
  batching: 'Batching, memory and compression',
  delivery: 'Delivery: acknowledgement, retries, order',
  partitioning: 'Partitions',
  records: 'Serializers and interceptors',
  connections: 'Connections and metadata',
  security: 'Security: protocol and TLS',
  sasl: 'Security: SASL',
  oauth: 'Security: SASL OAUTHBEARER',
  transactions: 'Transactions',
  metrics: 'Metrics',
} as const;

export type OptionGroup = keyof typeof OPTION_GROUPS;

/** What an option has beside its name, type and default. */
export type OptionRest = Omit<OptionDefinition, 'name' | 'type' | 'default' | 'text'>;

export const INT_MAX = 2_147_483_647;
const SHORT_MAX = 32_767;
const LONG_MAX = Number.MAX_SAFE_INTEGER;

/** The definers of one group's options; numbers are bounded by their Java type unless a range says otherwise. */
export function optionsOf(group: OptionGroup) {
  const define =
    <Value extends OptionValue>(type: OptionDefinition['type'], bounds: OptionRest = {}) =>
    (name: string, importance: Importance, value: Value, text: string, rest: OptionRest = {}) =>
      ({ name, type, default: value, ...bounds, ...rest, text, importance, group }) as ProducerOption;
  return {
    short: define<number | null>('short', { min: -SHORT_MAX - 1, max: SHORT_MAX }),
    int: define<number | null>('int', { min: -INT_MAX - 1, max: INT_MAX }),
    long: define<number>('long', { min: -LONG_MAX, max: LONG_MAX }),
    double: define<number>('double'),
    flag: define<boolean>('boolean'),
    text: define<string | null>('string'),
    list: define<string | null>('list'),
    className: define<string | null>('class'),
    /** Without a default, as all of Kafka's are. */
    password: (name: string, importance: Importance, text: string, rest: OptionRest = {}) =>
      define<null>('password')(name, importance, null, text, rest),
  };
}
