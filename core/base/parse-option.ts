import type { OptionDefinition, OptionValue } from './options.ts';
import { HIDDEN } from './secret.ts';

export type ParsedOption = { readonly value: OptionValue } | { readonly problem: string };

/** What is longer is not repeated in an error. */
const LONGEST_QUOTED = 200;
const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads one property as users write it (text), or as a program gives it (number, boolean), by its definition:
 * `{ value }`, or `{ problem }` that says what is wrong, got what, expected what. Surrounding blanks are dropped,
 * as Kafka's ConfigDef does. A problem of a password never repeats it.
 */
export function parseOption(definition: OptionDefinition, given: string | number | boolean): ParsedOption {
  const text = String(given).trim();
  if (text === '' && definition.isNeverEmpty === true) return { problem: 'must not be empty' };
  switch (definition.type) {
    case 'short':
    case 'int':
    case 'long':
      return parseNumber(definition, text, true);
    case 'double':
      return parseNumber(definition, text, false);
    case 'boolean': {
      const lower = text.toLowerCase();
      if (lower === 'true' || lower === 'false') return { value: lower === 'true' };
      return { problem: `must be true or false, got ${quote(text)}` };
    }
    case 'password':
      if (text === HIDDEN) return { problem: `is the text ${HIDDEN}: put the secret itself there` };
      return { value: text === '' ? definition.default : text };
    case 'string':
    case 'class':
    case 'list':
      return parseText(definition, text);
  }
}

function parseText(definition: OptionDefinition, text: string): ParsedOption {
  if (definition.oneOf !== undefined) {
    const wanted = definition.ignoresCase === true ? text.toLowerCase() : text;
    const word = definition.oneOf.find(
      (candidate) => (definition.ignoresCase === true ? candidate.toLowerCase() : candidate) === wanted,
    );
    if (word === undefined) {
      return { problem: `must be one of ${definition.oneOf.join(', ')}, got ${quote(text)}` };
    }
    return { value: word };
  }
  if (text === '' && definition.default === null) return { value: null };
  return { value: text };
}

function parseNumber(definition: OptionDefinition, text: string, whole: boolean): ParsedOption {
  if (text === '' && definition.default === null) return { value: null };
  const value = Number(text);
  const readable = whole ? INTEGER.test(text) : DECIMAL.test(text) && Number.isFinite(value);
  if (!readable) return { problem: `must be a ${whole ? 'whole ' : ''}number, got ${quote(text)}` };
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, also } = definition;
  if (value === also || (value >= min && value <= max)) return { value };
  if (also !== undefined) return { problem: `must be ${also} or ${min} to ${max}, got ${text}` };
  return { problem: value < min ? `must be >= ${min}, got ${text}` : `must be <= ${max}, got ${text}` };
}

function quote(text: string): string {
  if (text.length > LONGEST_QUOTED) return `text of ${text.length} characters`;
  return text === '' ? 'nothing' : JSON.stringify(text);
}
