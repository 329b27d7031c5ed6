/** Where a config's value comes from, as DescribeConfigs and CreateTopics number it. */
export const CONFIG_SOURCE = {
  topic: 1,
  staticBroker: 4,
  default: 5,
} as const;

/** Kafka's ConfigDef types, as DescribeConfigs v3+ numbers them. */
export const CONFIG_TYPE = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const;

/** One config of a topic or broker, as a client is told. */
export interface ConfigEntry {
  readonly name: string;
  /** As text. */
  readonly value: string;
  readonly source: (typeof CONFIG_SOURCE)[keyof typeof CONFIG_SOURCE];
  readonly type: (typeof CONFIG_TYPE)[keyof typeof CONFIG_TYPE];
  /** One line for people. */
  readonly text: string;
}
