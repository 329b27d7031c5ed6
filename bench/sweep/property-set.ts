/** A producer property as text, and where it was given, for messages: `quick.yaml:12`, `--set acks=1`. */
export interface GivenProperty {
  readonly text: string;
  readonly origin: string;
}

/** Producer properties by Kafka's name. */
export type PropertySet = ReadonlyMap<string, GivenProperty>;

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
