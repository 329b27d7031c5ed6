/**
 * The language of option tables: name, type, default, range and text stand together, and validation,
 * `tidemark list` and the help texts all come from them (as Kafka's ConfigDef does).
 */
export type OptionType =
  | 'short'
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'string'
  | 'list'
  | 'class'
  | 'password';

/** A property's value as users write it (text) or as parsed. Lists are text, their elements comma separated. */
export type OptionValue = number | boolean | string | null;

export interface OptionDefinition {
  /** Kafka's own name. */
  readonly name: string;
  readonly type: OptionType;
  readonly default: OptionValue;
  /** Inclusive bounds of a number. */
  readonly min?: number;
  readonly max?: number;
  /** A number outside the bounds that is accepted too. */
  readonly also?: number;
  /** Accepted words. */
  readonly oneOf?: readonly string[];
  /** Words of oneOf may be written in any case, and are read as they stand there. */
  readonly ignoresCase?: boolean;
  /** Empty text is an error, not a way of leaving it out. */
  readonly isNeverEmpty?: boolean;
  /** One line for people. */
  readonly text: string;
  /** Set when the property is accepted and has no effect here, with the reason. */
  readonly withoutEffect?: string;
  /** Set when nothing but the default is accepted here: the reason, and what to do instead. */
  readonly refused?: string;
}

export type OptionTable = readonly OptionDefinition[];

/** One thing wrong with one property, ready to be prefixed with where it stands. */
export interface OptionProblem {
  readonly property: string;
  /** What is wrong, got what, expected what. Never holds the value of a secret. */
  readonly message: string;
  /** The nearest known name for a misspelt one. */
  readonly suggestion?: string;
}
