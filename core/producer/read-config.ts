import { TidemarkError } from '../base/errors.ts';
import { type ProducerConfig, parseProducerConfig } from './config.ts';
import type { PartitionerOption, ProducerProperties } from './producer-options.ts';
import type { ProducerObserver } from './types.ts';

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
  return config;
}
