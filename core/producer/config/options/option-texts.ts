import { INT_MAX, type ProducerOption } from './define-option.ts';

/** What a property takes beyond its type, for people: `0 and above`, `1 to 17`, `one of a, b`; empty for anything. */
export function rangeText({ type, min, max, also, oneOf, isNeverEmpty }: ProducerOption): string {
  if (oneOf !== undefined) return `one of ${oneOf.join(', ')}`;
  if (isNeverEmpty === true) return 'not empty';
  const bounds = { short: 32_767, int: INT_MAX, long: Number.MAX_SAFE_INTEGER }[
    type as 'short' | 'int' | 'long'
  ];
  const low = min === undefined || (bounds !== undefined && min < -bounds + 1) ? null : min;
  const high = max === undefined || max === bounds ? null : max;
  const range = low !== null && high !== null ? `${low} to ${high}` : low !== null ? `${low} and above` : '';
  return also === undefined ? range : `${also} or ${range}`;
}

/** A default as people read it. */
export function defaultText({ default: value }: ProducerOption): string {
  if (value === null) return 'none';
  return value === '' ? 'empty' : String(value);
}

/** What a property does here: used, without effect with the reason, or refused with the way out. */
export function effectText({ refused, withoutEffect }: ProducerOption): string {
  if (refused !== undefined) return `Refused, but for its default. ${refused}`;
  return withoutEffect === undefined ? 'Used.' : `Accepted without effect, with a warning. ${withoutEffect}`;
}
