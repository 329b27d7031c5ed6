import { TidemarkError } from '../base/errors.ts';
import { type ProducerConfig, parseProducerConfig } from './config.ts';
import type { PartitionerOption, ProducerProperties } from './producer-options.ts';
import type { ProducerObserver } from './types.ts';

/** A default client's quota does not reach an empty id, so Java names such producers producer-1, producer-2, ... too. */
let unnamedProducers = 0;

/**
 * The settings of a producer; a partitioner named among the options goes before partitioner.class. Throws CONFIG,
 * naming everything that is wrong with the properties; tells the observer of what is only odd.
 */
export function readProducerConfig(
  properties: ProducerProperties,
  partitioner: PartitionerOption | undefined,
  observer: ProducerObserver,
): ProducerConfig {
  const named = typeof partitioner === 'string' ? { 'partitioner.class': partitioner } : {};
  const { config, problems, warnings } = parseProducerConfig({ ...properties, ...named });
  if (problems.length > 0) {
    throw new TidemarkError('CONFIG', problems.map((problem) => problem.message).join('\n'));
  }
  for (const warning of warnings) observer.onWarning?.(warning);
  if (config.clientId !== '') return config;
  return { ...config, clientId: `producer-${++unnamedProducers}` };
}
