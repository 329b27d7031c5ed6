import { parseProducerConfig } from '../../core/producer/config/config.ts';
import { usageError } from '../cli-error.ts';
import type { Side } from '../duet/side.ts';
import { propertiesOfFlags } from '../sweep/properties-of-run.ts';
import { originOf, type PropertySet } from '../sweep/property-set.ts';
import type { PairedLoad } from './paired-load.ts';

/** What a driver sets by itself, or what has no meaning where records are made as bytes. */
const NOT_THEIRS = ['bootstrap.servers', 'key.serializer', 'value.serializer'];

/** The properties that both sides are given, with what was left out of them told as notes. */
export function commonProperties(
  producer: PairedLoad['producer'],
  workingDirectory: string,
  onNote: (text: string) => void,
): PropertySet {
  const notes: string[] = [];
  const given = propertiesOfFlags(producer, workingDirectory, notes);
  for (const name of NOT_THEIRS) {
    const property = given.get(name);
    if (property === undefined) continue;
    const instead = name === 'bootstrap.servers' ? ': --bootstrap-server names the target' : '';
    notes.push(`${property.origin}: ${name} has no effect here${instead}`);
  }
  for (const note of notes) onNote(note);
  return new Map([...given].filter(([name]) => !NOT_THEIRS.includes(name)));
}

/**
 * A side with the common properties under its own. Exit 2 for what a Tidemark producer refuses among the common ones;
 * other drivers know their own.
 */
export function withProperties<S extends Side>(side: S, common: PropertySet): S {
  const texts = Object.fromEntries([...common].map(([name, { text }]) => [name, text]));
  const properties = { ...texts, ...side.properties };
  if (side.driver.kind === 'tidemark') {
    const { problems } = parseProducerConfig(properties);
    if (problems.length > 0) {
      throw usageError(
        ...problems.map(({ property, message }) => `${originOf(common, property) ?? side.label}: ${message}`),
      );
    }
  }
  return { ...side, properties };
}
