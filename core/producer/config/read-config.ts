import { TidemarkError } from '../../base/errors.ts';
import { describeValue } from '../../record/described.ts';
import type { ProducerObserver } from '../types.ts';
import { type ProducerConfig, parseProducerConfig } from './config.ts';
import type { PartitionerOption, ProducerProperties } from './producer-options.ts';

/** A default client's quota does not reach an empty id, so Java names such producers producer-1, producer-2, ... too. */
let unnamedProducers = 0;

/**
 * The settings of a producer; a partitioner named among the options goes before partitioner.class. Throws CONFIG,
 * naming everything that is wrong with the properties; tells the observer of what is only odd.
 */
export function readProducerConfig(
  properties: ProducerProperties,
  options: {
    readonly partitioner: PartitionerOption | undefined;
    readonly observer: ProducerObserver;
    /** Whether bootstrap.servers must name some. */
    readonly needsServers: boolean;
  },
): ProducerConfig {
  const { partitioner, observer } = options;
  checkProperties(properties);
  const named = typeof partitioner === 'string' ? { 'partitioner.class': partitioner } : {};
  const { config, problems, warnings } = parseProducerConfig({ ...givenOnly(properties), ...named });
  if (options.needsServers && problems.length === 0 && config.bootstrapServers.length === 0) {
    const message = 'bootstrap.servers is not set: name one or more host:port, comma separated';
    problems.push({ property: 'bootstrap.servers', message });
  }
  if (problems.length > 0) {
    throw new TidemarkError('CONFIG', problems.map((problem) => problem.message).join('\n'));
  }
  for (const warning of warnings) observer.onWarning?.(warning);
  if (config.clientId !== '') return config;
  return { ...config, clientId: `producer-${++unnamedProducers}` };
}

function checkProperties(properties: unknown): void {
  const isPlain = typeof properties === 'object' && properties !== null && !(Symbol.iterator in properties);
  if (isPlain) return;
  const message = `properties must be an object of names and values, got ${describeValue(properties)}`;
  throw new TidemarkError('CONFIG', message);
}

/** A property that is undefined (an environment variable that is not set, say) or null is not given. */
function givenOnly(properties: ProducerProperties): ProducerProperties {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined && value !== null),
  );
}
