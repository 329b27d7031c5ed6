/**
 * The language of option tables: name, type, default, range and text stand together, and validation,
 * `tidemark list` and the help texts all come from them (as Kafka's ConfigDef does).
 */
export type OptionType = 'int' | 'long' | 'double' | 'boolean' | 'string' | 'list' | 'class' | 'password';

/** A property's value as users write it (text) or as parsed. */
export type OptionValue = number | boolean | string | null;

export interface OptionDefinition {
  /** Kafka's own name. */
  readonly name: string;
  readonly type: OptionType;
  readonly default: OptionValue;
  /** Inclusive bounds of a number. */
  readonly min?: number;
  readonly max?: number;
  /** Accepted words; matching ignores nothing. */
  readonly oneOf?: readonly string[];
  /** One line for people. */
  readonly text: string;
  /** Set when the property is accepted and has no effect here, with the reason. */
  readonly withoutEffect?: string;
}

export type OptionTable = readonly OptionDefinition[];

/** One thing wrong with one property, ready to be prefixed with where it stands. */
export interface OptionProblem {
  readonly property: string;
  /** What is wrong, got what, expected what. */
  readonly message: string;
  /** The nearest known name for a misspelt one. */
  readonly suggestion?: string;
}
