import type { Timer } from '../base/clock.ts';
import type { Connection, ConnectionHandler, Endpoint, Listener, Network } from '../base/network.ts';
import type { AnyApiHandler } from './api-handler.ts';
import type { Broker } from './broker.ts';
import { type ConnectionHost, ServerConnection } from './server-connection.ts';

/** Ages are checked this often at most: limits are long, and the check walks all connections. */
const AGE_CHECK_MAX_MS = 1_000;
const AGE_CHECK_MIN_MS = 10;

/** What a connection that is closed as soon as it is accepted does with what still comes: nothing. */
const IGNORE: ConnectionHandler = { onData() {}, onClose() {} };

/** A broker's listener and its connections. */
export class BrokerServer implements ConnectionHost {
  readonly broker: Broker;
  readonly handlers: ReadonlyMap<number, AnyApiHandler>;
  readonly #onFailure: (error: unknown, context: string) => void;
  readonly #connections = new Set<ServerConnection>();
  #listener: Listener | null = null;
  #ageTimer: Timer | null = null;
  #isClosing = false;

  constructor(
    broker: Broker,
    handlers: ReadonlyMap<number, AnyApiHandler>,
    onFailure: (error: unknown, context: string) => void,
  ) {
    this.broker = broker;
    this.handlers = handlers;
    this.#onFailure = onFailure;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Listens and tells the broker its port. Rejects with the system's error (EADDRINUSE, EACCES, ...). */
  async listen(network: Network, endpoint: Endpoint): Promise<void> {
    this.#listener = await network.listen(endpoint, (connection) => this.#accept(connection));
    this.broker.port = this.#listener.endpoint.port;
  }

  /** Stops accepting and ends every connection after what was answered has gone out. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#ageTimer !== null) this.broker.clock.clearTimer(this.#ageTimer);
    this.#ageTimer = null;
    const closed = this.#listener?.close();
    for (const connection of this.#connections) connection.end();
    await closed;
  }

  onConnectionClosed(connection: ServerConnection): void {
    this.#connections.delete(connection);
  }

  onHandlerFailure(error: unknown, context: string): void {
    this.broker.counters.handlerFailures++;
    this.#onFailure(error, context);
  }

  #accept(connection: Connection): ConnectionHandler {
    if (this.#isClosing || this.#connections.size >= this.broker.limits.maxConnections) {
      this.broker.counters.connectionsRefused++;
      connection.close();
      return IGNORE;
    }
    this.broker.counters.connectionsAccepted++;
    const accepted = new ServerConnection(this, connection);
    this.#connections.add(accepted);
    if (this.#ageTimer === null) this.#scheduleAgeCheck();
    return accepted;
  }

  #scheduleAgeCheck(): void {
    const { connectionsMaxIdleMs, halfReadMaxMs } = this.broker.limits;
    const everyMs = Math.min(AGE_CHECK_MAX_MS, Math.min(connectionsMaxIdleMs, halfReadMaxMs) / 4);
    this.#ageTimer = this.broker.clock.setTimer(() => this.#checkAges(), Math.max(AGE_CHECK_MIN_MS, everyMs));
  }

  #checkAges(): void {
    this.#ageTimer = null;
    const nowNs = this.broker.clock.nowNs();
    for (const connection of this.#connections) connection.checkAge(nowNs);
    if (this.#connections.size > 0 && !this.#isClosing) this.#scheduleAgeCheck();
  }
}
