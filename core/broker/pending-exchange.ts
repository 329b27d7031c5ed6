import { encodeResponse } from '../wire/framing.ts';
import type { Draft } from '../wire/schema.ts';
import type { Exchange } from './api-handler.ts';
import type { Broker } from './broker.ts';
import type { IncomingRequest } from './request-decoding.ts';

/** The connection an exchange answers to. */
export interface ExchangeOwner {
  finishExchange(chunks: readonly Uint8Array[] | null): void;
  shed(reason: string): void;
}

/** One request in progress on one connection. */
export class PendingExchange implements Exchange<unknown> {
  readonly broker: Broker;
  readonly #owner: ExchangeOwner;
  readonly #incoming: IncomingRequest;
  #state: 'open' | 'answered' | 'abandoned' = 'open';
  #onAbandoned: (() => void) | null = null;

  constructor(owner: ExchangeOwner, broker: Broker, incoming: IncomingRequest) {
    this.#owner = owner;
    this.broker = broker;
    this.#incoming = incoming;
  }

  get version(): number {
    return this.#incoming.version;
  }

  get clientId(): string | null {
    return this.#incoming.clientId;
  }

  get isClosed(): boolean {
    return this.#state === 'abandoned';
  }

  respond(body: Draft<unknown>): void {
    if (!this.#isFirstAnswer()) return;
    const { api, version, correlationId } = this.#incoming;
    this.#owner.finishExchange(encodeResponse(api, version, correlationId, body));
  }

  finishWithoutResponse(): void {
    if (this.#isFirstAnswer()) this.#owner.finishExchange(null);
  }

  disconnect(reason: string): void {
    if (this.#isFirstAnswer()) this.#owner.shed(`${this.#incoming.api.name}: ${reason}`);
  }

  onAbandoned(callback: () => void): void {
    this.#onAbandoned = callback;
  }

  /** The connection has closed. */
  abandon(): void {
    if (this.#state !== 'open') return;
    this.#state = 'abandoned';
    this.#onAbandoned?.();
  }

  #isFirstAnswer(): boolean {
    if (this.#state === 'answered') throw new Error(`${this.#incoming.api.name} was answered twice`);
    if (this.#state === 'abandoned') return false;
    this.#state = 'answered';
    return true;
  }
}
