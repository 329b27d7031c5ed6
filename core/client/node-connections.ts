import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Endpoint, Network } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import { backoffMs, sleep, timerDelayMs } from './backoff.ts';
import { BrokerConnection } from './broker-connection.ts';
import type { ClientConfig } from './client-config.ts';
import { formatEndpoint } from './endpoint.ts';

export interface NodeConnectionsOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly clientId: string;
  readonly config: ClientConfig;
  /** A connection was lost, or timed out: the broker may be another one, or gone, by now. */
  readonly onLost?: (() => void) | undefined;
}

interface Node {
  endpoint: Endpoint;
  connection: BrokerConnection | null;
  opening: Promise<BrokerConnection> | null;
  /** Attempts that failed since the last that did not. */
  failures: number;
  /** No attempt before this, in clock nanoseconds. */
  retryAtNs: number;
}

/**
 * One connection per node, opened when first asked for, shared, and opened again lazily after it closed, with
 * reconnect.backoff.ms between attempts. Bootstrap servers are nodes with negative ids until a broker is known
 * by its own id, as in Kafka's client.
 */
export class NodeConnections {
  readonly #options: NodeConnectionsOptions;
  readonly #nodes = new Map<number, Node>();
  readonly #closing = new AbortController();
  /** With TLS on it, if the configuration asks for it. */
  #network: Network | null;
  #idleTimer: Timer | null = null;
  #hasServed = false;
  #isClosed = false;

  constructor(options: NodeConnectionsOptions) {
    this.#options = options;
    this.#network = options.config.security.tls === null ? options.network : null;
  }

  get nodeIds(): number[] {
    return [...this.#nodes.keys()];
  }

  endpointOf(nodeId: number): Endpoint | null {
    return this.#nodes.get(nodeId)?.endpoint ?? null;
  }

  /** Adds a node, or moves it: a connection to where it was before closes. */
  setEndpoint(nodeId: number, endpoint: Endpoint): void {
    const known = this.#nodes.get(nodeId);
    if (known !== undefined && formatEndpoint(known.endpoint) === formatEndpoint(endpoint)) return;
    this.#nodes.set(nodeId, { endpoint, connection: null, opening: null, failures: 0, retryAtNs: 0 });
    known?.connection?.close(`closed: node ${nodeId} moved to ${formatEndpoint(endpoint)}`);
  }

  remove(nodeId: number): void {
    const node = this.#nodes.get(nodeId);
    this.#nodes.delete(nodeId);
    node?.connection?.close(`closed: node ${nodeId} left the cluster`);
  }

  /** Gives the connection of one node to another that has the same endpoint and none. */
  adopt(fromId: number, toId: number): void {
    const from = this.#nodes.get(fromId);
    const to = this.#nodes.get(toId);
    if (from?.connection == null || to === undefined || to.connection !== null || to.opening !== null) return;
    to.connection = from.connection;
    from.connection = null;
  }

  /** The node's connection if it is open now. */
  openTo(nodeId: number): BrokerConnection | null {
    const connection = this.#nodes.get(nodeId)?.connection ?? null;
    return connection?.isOpen === true ? connection : null;
  }

  /** The open connection with the fewest requests in flight; null when none is open. */
  leastLoaded(): BrokerConnection | null {
    let least: BrokerConnection | null = null;
    for (const nodeId of this.#nodes.keys()) {
      const connection = this.openTo(nodeId);
      if (connection !== null && (least === null || connection.inFlight < least.inFlight)) least = connection;
    }
    return least;
  }

  /** Opens the node's connection, or shares the one that is open or being opened. Rejects with NETWORK and the like. */
  async connectTo(nodeId: number): Promise<BrokerConnection> {
    if (this.#isClosed) throw closedError();
    const node = this.#nodes.get(nodeId);
    if (node === undefined) {
      const known = this.nodeIds.filter((id) => id >= 0).join(', ') || 'none';
      throw new TidemarkError('NETWORK', `node ${nodeId} is not in the metadata (known: ${known})`, {
        retriable: true,
      });
    }
    const open = this.openTo(nodeId);
    if (open !== null) return open;
    node.opening ??= this.#open(node).finally(() => {
      node.opening = null;
    });
    return node.opening;
  }

  /** Closes every connection, and those that are being opened; what waits for one is rejected. */
  close(): void {
    this.#isClosed = true;
    this.#closing.abort();
    const { clock } = this.#options;
    if (this.#idleTimer !== null) clock.clearTimer(this.#idleTimer);
    for (const node of this.#nodes.values()) node.connection?.close();
  }

  async #open(node: Node): Promise<BrokerConnection> {
    const { clock, random, clientId, config } = this.#options;
    const waitMs = (node.retryAtNs - clock.nowNs()) / 1e6;
    if (waitMs > 0) await sleep(clock, waitMs, this.#closing.signal);
    if (this.#isClosed) throw closedError();
    const setupTimeout = {
      firstMs: config.connectionSetupTimeoutMs,
      maxMs: config.connectionSetupTimeoutMaxMs,
    };
    let connection: BrokerConnection;
    try {
      connection = await BrokerConnection.open({
        network: this.#network ?? (await this.#secureNetwork()),
        clock,
        endpoint: node.endpoint,
        clientId,
        requestTimeoutMs: config.requestTimeoutMs,
        connectTimeoutMs:
          node.failures === 0 ? setupTimeout.firstMs : backoffMs(setupTimeout, node.failures + 1, random),
        maxResponseBytes: config.maxResponseBytes,
        security: config.security,
        random,
        isFirstContact: this.#isFirstContact,
        signal: this.#closing.signal,
      });
    } catch (error) {
      if (this.#isClosed) throw closedError();
      node.failures++;
      this.#delayNext(node);
      throw error;
    }
    if (this.#isClosed || ![...this.#nodes.values()].includes(node)) {
      connection.close();
      throw this.#isClosed
        ? closedError()
        : new TidemarkError('NETWORK', `${connection.name} left the cluster`, { retriable: true });
    }
    node.failures = 0;
    node.connection = connection;
    connection.onClose(() => this.#forget(connection));
    this.#watchIdle();
    return connection;
  }

  get #isFirstContact(): boolean {
    for (const { connection } of this.#nodes.values()) this.#hasServed ||= connection?.isServed === true;
    return !this.#hasServed;
  }

  async #secureNetwork(): Promise<Network> {
    const { network, config } = this.#options;
    if (network.overTls === undefined) {
      const message = `this network has no TLS, which security.protocol=${config.security.protocol} asks for`;
      throw new TidemarkError('CONFIG', message);
    }
    this.#network = await network.overTls(config.security.tls!);
    return this.#network;
  }

  #forget(connection: BrokerConnection): void {
    this.#hasServed ||= connection.isServed;
    for (const node of this.#nodes.values()) {
      if (node.connection !== connection) continue;
      node.connection = null;
      this.#delayNext(node);
      if (!this.#isClosed) this.#options.onLost?.();
    }
  }

  #delayNext(node: Node): void {
    const { clock, random, config } = this.#options;
    const range = { firstMs: config.reconnectBackoffMs, maxMs: config.reconnectBackoffMaxMs };
    node.retryAtNs = clock.nowNs() + backoffMs(range, node.failures, random) * 1e6;
  }

  /** One timer for all: it wakes when the connection unused for longest may have been idle long enough. */
  #watchIdle(): void {
    const { clock, config } = this.#options;
    const maxIdleMs = config.connectionsMaxIdleMs;
    if (maxIdleMs < 0 || this.#idleTimer !== null || this.#isClosed) return;
    let oldestNs = Number.POSITIVE_INFINITY;
    for (const { connection } of this.#nodes.values()) {
      if (connection === null) continue;
      const usedNs = connection.inFlight > 0 ? clock.nowNs() : connection.lastSentNs;
      oldestNs = Math.min(oldestNs, usedNs);
    }
    if (oldestNs === Number.POSITIVE_INFINITY) return;
    const delayMs = maxIdleMs - (clock.nowNs() - oldestNs) / 1e6;
    this.#idleTimer = clock.setTimer(() => this.#closeIdle(), timerDelayMs(Math.max(delayMs, 1)));
  }

  #closeIdle(): void {
    this.#idleTimer = null;
    const { clock, config } = this.#options;
    const nowNs = clock.nowNs();
    for (const node of this.#nodes.values()) {
      const connection = node.connection;
      if (connection === null || connection.inFlight > 0) continue;
      if (nowNs - connection.lastSentNs < config.connectionsMaxIdleMs * 1e6) continue;
      // It was in order: the next request need not wait, and nothing is lost.
      node.connection = null;
      node.retryAtNs = 0;
      connection.close(`closed after ${config.connectionsMaxIdleMs} ms without a request`);
    }
    this.#watchIdle();
  }
}

export function closedError(): TidemarkError {
  return new TidemarkError('NETWORK', 'the client is closed');
}
