import type { Result } from '../result.ts';

/** The result as text, two spaces deep. A figure that is no finite number becomes null, as the schema has it. */
export function resultJson(result: Result): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
