import { parseProducerConfig } from '../core/producer/config/config.ts';
import { writeProperties, writePropertiesTemplate } from '../core/producer/config/write-properties.ts';
import { usageError } from './cli-error.ts';
import { propertiesOfFlags } from './sweep/properties-of-run.ts';
import { originOf } from './sweep/property-set.ts';
import type { RunFlags } from './sweep/run-flags.ts';

export interface EffectiveProperties {
  /** A producer.properties for Java. */
  readonly text: string;
  readonly notes: readonly string[];
}

/** What --producer.config and --producer-property come to, all in all; exit 2 with everything wrong with them. */
export function effectiveProperties(
  flags: Pick<RunFlags, 'producerConfigFile' | 'producerProperties'>,
  workingDirectory: string,
): EffectiveProperties {
  const notes: string[] = [];
  const given = propertiesOfFlags(flags, workingDirectory, notes);
  const texts = Object.fromEntries([...given].map(([name, { text }]) => [name, text]));
  const { config, problems, warnings } = parseProducerConfig(texts);
  if (problems.length > 0) {
    throw usageError(
      ...problems.map(({ property, message }) => {
        const origin = originOf(given, property);
        return origin === undefined ? message : `${origin}: ${message}`;
      }),
    );
  }
  return { text: writeProperties(config.effective), notes: [...notes, ...warnings] };
}

/** Every property with its text, to be filled in. */
export function propertiesTemplate(): string {
  return writePropertiesTemplate();
}
