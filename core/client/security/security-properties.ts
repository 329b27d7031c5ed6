import type { OptionProblem, OptionValue } from '../../base/options.ts';
import { Secret } from '../../base/secret.ts';

/** Kafka's security properties by name, and the list of what is wrong with them. Messages never hold a value of a secret. */
export class SecurityProperties {
  readonly problems: OptionProblem[] = [];
  readonly #values: ReadonlyMap<string, OptionValue>;
  readonly #given: ReadonlySet<string>;

  constructor(values: ReadonlyMap<string, OptionValue>, given: ReadonlySet<string>) {
    this.#values = values;
    this.#given = given;
  }

  /** Null when not set, or set to nothing. */
  text(name: string): string | null {
    const value: unknown = this.#values.get(name);
    if (value === undefined || value === null) return null;
    const text = value instanceof Secret ? value.reveal() : String(value);
    return text === '' ? null : text;
  }

  /** As text(), for a property that may be set to nothing on purpose. */
  textOrEmpty(name: string, whenAbsent: string): string {
    const value = this.#values.get(name);
    return value === undefined || value === null ? (this.isGiven(name) ? '' : whenAbsent) : String(value);
  }

  secret(name: string): Secret | null {
    const text = this.text(name);
    return text === null ? null : new Secret(text);
  }

  number(name: string, whenAbsent: number): number {
    const text = this.text(name);
    return text === null ? whenAbsent : Number(text);
  }

  list(name: string): string[] {
    const items = (this.text(name) ?? '').replace(/^\[|\]$/g, '').split(',');
    return items.map((item) => item.trim()).filter((item) => item !== '');
  }

  isGiven(name: string): boolean {
    return this.#given.has(name);
  }

  /** `what` follows the property's name: `must be ..., got ...`. */
  refuse(property: string, what: string): null {
    this.problems.push({ property, message: `${property} ${what}` });
    return null;
  }
}
