/**
 * Says what was got where something else was expected, for an error: numbers and the like as they are, text and
 * objects by their kind only, as they may hold what no log should.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `text of ${value.length} characters`;
    case 'number':
    case 'boolean':
      return `${typeof value} ${value}`;
    case 'bigint':
      return `bigint ${value}`;
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return typeof value;
  }
}

function describeObject(value: object): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'object';
}
