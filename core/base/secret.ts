/** What stands wherever a secret would be seen. */
export const HIDDEN = '[hidden]';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A password, key or token that no print-out shows: as text, as JSON and for util.inspect it is `[hidden]`
 * (Kafka's org.apache.kafka.common.config.types.Password). Only `reveal()` gives the text. Threads are handed
 * revealed texts: a structured clone has no private fields.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [INSPECT](): string {
    return HIDDEN;
  }
}
