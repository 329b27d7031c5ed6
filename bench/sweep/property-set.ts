/** A producer property as text, and where it was given, for messages: `quick.yaml:12`, `--set acks=1`. */
export interface GivenProperty {
  readonly text: string;
  readonly origin: string;
}

/** Producer properties by Kafka's name. */
export type PropertySet = ReadonlyMap<string, GivenProperty>;

/**
 * Where to point for what is wrong with a property: where it was given, or, where it is its absence that is wrong, at
 * the one given that asks for it: the nearest by name, or security.protocol.
 */
export function originOf(given: PropertySet, property: string): string | undefined {
  const own = given.get(property);
  if (own !== undefined) return own.origin;
  const family = property.slice(0, property.lastIndexOf('.') + 1);
  const near = [...given].find(([name]) => family !== '' && name.startsWith(family));
  if (near !== undefined) return near[1].origin;
  return /^(ssl|sasl)\./.test(property) ? given.get('security.protocol')?.origin : undefined;
}

/** Later sets win over earlier ones. */
export function mergeProperties(...sets: readonly PropertySet[]): PropertySet {
  return new Map(sets.flatMap((set) => [...set]));
}

/** One value of a factor, with the further properties it brings along. */
export interface FactorLevel {
  readonly given: GivenProperty;
  readonly along: PropertySet;
}

export interface Factor {
  readonly property: string;
  readonly levels: readonly FactorLevel[];
}

/** What a level sets, all in all. */
export function levelProperties(property: string, level: FactorLevel): PropertySet {
  return mergeProperties(new Map([[property, level.given]]), level.along);
}
