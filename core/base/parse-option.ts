import type { OptionDefinition, OptionValue } from './options.ts';

export type ParsedOption = { readonly value: OptionValue } | { readonly problem: string };

const INTEGER = /^[+-]?\d+$/;

/**
 * Reads one property as users write it (text), or as a program gives it (number, boolean), by its definition:
 * `{ value }`, or `{ problem }` that says what is wrong, got what, expected what. Surrounding blanks are dropped,
 * as Kafka's ConfigDef does.
 */
export function parseOption(definition: OptionDefinition, given: string | number | boolean): ParsedOption {
  const text = String(given).trim();
  switch (definition.type) {
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
    case 'string':
    case 'class':
    case 'list':
    case 'password':
      if (definition.oneOf !== undefined && !definition.oneOf.includes(text)) {
        return { problem: `must be one of ${definition.oneOf.join(', ')}, got ${quote(text)}` };
      }
      if (text === '' && definition.default === null) return { value: null };
      return { value: text };
  }
}

function parseNumber(definition: OptionDefinition, text: string, whole: boolean): ParsedOption {
  const value = Number(text);
  const readable = whole ? INTEGER.test(text) : text !== '' && Number.isFinite(value);
  if (!readable) return { problem: `must be a ${whole ? 'whole ' : ''}number, got ${quote(text)}` };
  if (definition.min !== undefined && value < definition.min) {
    return { problem: `must be >= ${definition.min}, got ${text}` };
  }
  if (definition.max !== undefined && value > definition.max) {
    return { problem: `must be <= ${definition.max}, got ${text}` };
  }
  return { value };
}

function quote(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text);
}
