import type { Clock } from '../../core/base/clock.ts';
import type { Connection, ConnectionHandler, Endpoint, Listener, Network } from '../../core/base/network.ts';
import type { Random } from '../../core/base/random.ts';
import { formatEndpoint } from '../../core/client/endpoint.ts';
import { CALM, type LinkWorld, systemError, type Trouble, type Weather } from './network-conditions.ts';
import { SimulatedConnection } from './simulated-connection.ts';

/**
 * A network in memory whose latencies, chunks and faults all come from one seed: under a virtual clock the same
 * seed gives the same bytes at the same instants. As on the real one, chunks are read when the operating system takes
 * them (not at the write), and a received chunk is overwritten after onData.
 */
export class SimulatedNetwork implements Network, LinkWorld<SimulatedConnection> {
  weather: Weather = CALM;
  /** Ends of clients that are open now, and how many ever were. */
  openClients = 0;
  everOpened = 0;
  attempts = 0;
  readonly clock: Clock;
  readonly random: Random;
  #cut: ((bytes: number) => number) | null = null;
  readonly #listeners = new Map<string, (connection: Connection) => ConnectionHandler>();
  readonly #troubles = new Map<string, Trouble>();
  readonly #ends = new Map<string, Set<SimulatedConnection>>();

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.random = random;
  }

  troubleOf(endpoint: Endpoint): Trouble {
    const name = formatEndpoint(endpoint);
    let trouble = this.#troubles.get(name);
    if (trouble === undefined) {
      trouble = { isRefusing: false, isBlackHole: false, silence: 'none', isTrickling: false };
      this.#troubles.set(name, trouble);
    }
    return trouble;
  }

  /** Changes what is wrong with an endpoint, for open connections too. */
  trouble(endpoint: Endpoint, change: Partial<Trouble>): void {
    Object.assign(this.troubleOf(endpoint), change);
    for (const end of this.#endsOf(formatEndpoint(endpoint))) end.conditionsChanged();
  }

  /** Nothing is wrong any more, anywhere. */
  heal(): void {
    this.weather = CALM;
    for (const [name, trouble] of this.#troubles) {
      Object.assign(trouble, { isRefusing: false, isBlackHole: false, silence: 'none', isTrickling: false });
      for (const end of this.#endsOf(name)) end.conditionsChanged();
    }
  }

  connect(endpoint: Endpoint, handler: ConnectionHandler, timeoutMs: number): Promise<Connection> {
    this.attempts++;
    const name = formatEndpoint(endpoint);
    return new Promise((resolve, reject) => {
      const trouble = this.troubleOf(endpoint);
      const latencyMs = this.latencyMs() * 2;
      if (trouble.isBlackHole || trouble.silence !== 'none' || latencyMs > timeoutMs) {
        const give = () =>
          reject(systemError('ETIMEDOUT', `no connection to ${name} within ${timeoutMs} ms`));
        this.clock.setTimer(give, timeoutMs);
        return;
      }
      this.clock.setTimer(() => {
        const accept = this.#listeners.get(name);
        if (accept === undefined || trouble.isRefusing)
          reject(systemError('ECONNREFUSED', `connect ECONNREFUSED ${name}`));
        else resolve(this.#join(endpoint, handler, accept));
      }, latencyMs);
    });
  }

  async listen(endpoint: Endpoint, accept: (connection: Connection) => ConnectionHandler): Promise<Listener> {
    return this.listenNow(endpoint, accept);
  }

  listenNow(endpoint: Endpoint, accept: (connection: Connection) => ConnectionHandler): Listener {
    const name = formatEndpoint(endpoint);
    if (this.#listeners.has(name)) throw systemError('EADDRINUSE', `listen EADDRINUSE ${name}`);
    this.#listeners.set(name, accept);
    return {
      endpoint,
      close: async () => {
        this.#listeners.delete(name);
      },
    };
  }

  /** The next write of a client loses its connection: `keep` gets its length and tells how many bytes arrive. */
  cutNextWrite(keep: (bytes: number) => number): void {
    this.#cut = keep;
  }

  /** How many bytes of this write arrive before the connection is reset; null: it goes through. */
  drawCut(end: SimulatedConnection, bytes: number): number | null {
    if (this.#cut !== null && end.isClient) {
      const keep = this.#cut;
      this.#cut = null;
      return keep(bytes);
    }
    return this.chance(this.weather.resetChance) ? this.random.nextBelow(bytes + 1) : null;
  }

  latencyMs(): number {
    const { minLatencyMs, maxLatencyMs } = this.weather;
    if (minLatencyMs === maxLatencyMs) return minLatencyMs;
    return minLatencyMs + this.random.nextBelow(maxLatencyMs - minLatencyMs + 1);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random.nextDouble() < probability;
  }

  noteClosed(end: SimulatedConnection): void {
    if (end.isClient) this.openClients--;
  }

  /** An end has closed, and nothing of it is under way any more. */
  release(end: SimulatedConnection): void {
    this.#endsOf(end.place).delete(end);
  }

  #join(
    endpoint: Endpoint,
    handler: ConnectionHandler,
    accept: (connection: Connection) => ConnectionHandler,
  ): Connection {
    const place = formatEndpoint(endpoint);
    const trouble = this.troubleOf(endpoint);
    const client = new SimulatedConnection(this, { place, trouble, isClient: true });
    const server = new SimulatedConnection(this, { place, trouble, isClient: false });
    client.join(server, handler);
    server.join(client, accept(server));
    this.#endsOf(place).add(client).add(server);
    this.openClients++;
    this.everOpened++;
    return client;
  }

  #endsOf(place: string): Set<SimulatedConnection> {
    let ends = this.#ends.get(place);
    if (ends === undefined) {
      ends = new Set();
      this.#ends.set(place, ends);
    }
    return ends;
  }
}
