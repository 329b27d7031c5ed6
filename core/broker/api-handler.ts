import type { Api } from '../wire/api.ts';
import type { Draft } from '../wire/schema.ts';
import type { Broker } from './broker.ts';

/** One request being answered: what a handler may know and do. Exactly one of the three answers is called, once. */
export interface Exchange<Res> {
  readonly broker: Broker;
  readonly version: number;
  readonly clientId: string | null;
  /** Whether the connection is gone, so that an answer would go nowhere. */
  readonly isClosed: boolean;
  /** Encodes and writes the response; the connection's next request is taken once it has gone out. */
  respond(body: Draft<Res>): void;
  /** The request is done and Kafka's protocol wants no answer (acks=0). */
  finishWithoutResponse(): void;
  /** Closes the connection: the request cannot be answered within the protocol. */
  disconnect(reason: string): void;
  /** Called once when the connection closes before the answer, so that a waiting handler forgets its work. */
  onAbandoned(callback: () => void): void;
}

/** How one API is served. `handle` may answer at once or later; what it throws closes the connection. */
export interface ApiHandler<Req, Res> {
  readonly api: Api<Req, Res>;
  handle(body: Req, exchange: Exchange<Res>): void;
}

/** A handler whose message types are known only to itself. */
// biome-ignore lint/suspicious/noExplicitAny: the table of handlers holds every pair of message types
export type AnyApiHandler = ApiHandler<any, any>;
