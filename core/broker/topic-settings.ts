import { TidemarkError } from '../base/errors.ts';
import type { OptionProblem } from '../base/options.ts';
import { DEFAULT_LOG_CONFIG, describeLogConfig, type LogConfig, parseLogConfig } from '../log/log-config.ts';
import { CONFIG_SOURCE, CONFIG_TYPE, type ConfigEntry } from './config-entry.ts';

/** Topic configs under Kafka's names, as a cluster's owner gives them. */
export type ConfigProperties = Readonly<Record<string, string | number | boolean>>;

/** What topics of a cluster take when they do not say otherwise: Kafka's defaults, or the cluster's own. */
export interface TopicDefaults {
  readonly log: LogConfig;
  /** Configs that the cluster sets, and Kafka does not. */
  readonly names: ReadonlySet<string>;
}

/** Throws CONFIG, naming every problem. */
export function parseTopicDefaults(properties: ConfigProperties): TopicDefaults {
  const { config, problems } = parseLogConfig(properties, DEFAULT_LOG_CONFIG);
  if (problems.length > 0) throw new TidemarkError('CONFIG', problems.map(describeProblem).join('; '));
  return { log: config, names: new Set(Object.keys(properties)) };
}

/** What a topic's own configs make of the defaults. Throws INVALID_CONFIG, naming every problem. */
export function parseTopicSettings(configs: ReadonlyMap<string, string>, defaults: TopicDefaults): LogConfig {
  const { config, problems } = parseLogConfig(Object.fromEntries(configs), defaults.log);
  if (problems.length > 0)
    throw new TidemarkError('INVALID_CONFIG', problems.map(describeProblem).join('; '));
  return config;
}

/** Every config of a topic with where its value comes from. */
export function describeTopicConfigs(
  configs: ReadonlyMap<string, string>,
  defaults: TopicDefaults,
): ConfigEntry[] {
  return describeLogConfig(parseTopicSettings(configs, defaults)).map(({ definition, value }) => ({
    name: definition.name,
    value,
    source: sourceOf(definition.name, configs, defaults),
    type: CONFIG_TYPE[definition.type],
    text:
      definition.withoutEffect === undefined
        ? definition.text
        : `${definition.text} Without effect: ${definition.withoutEffect}.`,
  }));
}

function sourceOf(name: string, configs: ReadonlyMap<string, string>, defaults: TopicDefaults) {
  if (configs.has(name)) return CONFIG_SOURCE.topic;
  return defaults.names.has(name) ? CONFIG_SOURCE.staticBroker : CONFIG_SOURCE.default;
}

function describeProblem({ property, message, suggestion }: OptionProblem): string {
  return `${property} ${message}${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}`;
}
