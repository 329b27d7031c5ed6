import { TidemarkError } from '../base/errors.ts';
import type { Connection, ConnectionHandler } from '../base/network.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import type { AnyApiHandler } from './api-handler.ts';
import type { Broker } from './broker.ts';
import type { HalfReader } from './buffer-budget.ts';
import { PendingExchange } from './pending-exchange.ts';
import { decodeBody, decodeIncoming } from './request-decoding.ts';
import { RequestQueue } from './request-queue.ts';

const NS_PER_MS = 1e6;
const QUIET_NS = 1_000 * NS_PER_MS;

/** What a connection needs of the server that accepted it. */
export interface ConnectionHost {
  readonly broker: Broker;
  readonly handlers: ReadonlyMap<number, AnyApiHandler>;
  onConnectionClosed(connection: ServerConnection): void;
  /** A handler failed in a way that it should not: a defect of ours, kept visible. */
  onHandlerFailure(error: unknown, context: string): void;
}

/**
 * One client's connection. Its requests are worked on one after the other: the next is taken only after
 * the response to the one before has been taken by the operating system (Kafka's SocketServer mutes the
 * channel; with acks=0, after the append). Requests that arrive meanwhile wait in a queue; reading pauses
 * once that queue holds more than connectionQueueMaxBytes. When the client closes, those that came whole are worked on
 * before the connection is forgotten; when the broker closes, they are not.
 */
export class ServerConnection implements ConnectionHandler, HalfReader {
  readonly #host: ConnectionHost;
  readonly #connection: Connection;
  #reader: FrameReader;
  readonly #onFrame = (frame: Buffer): void => this.#take(frame);
  readonly #onWritten = (): void => this.#responseWritten();
  readonly #queue = new RequestQueue();
  /** Bytes of the request that is still arriving, as the budget knows them. */
  #accountedPartialBytes = 0;
  #isHalfRead = false;
  #halfReadSinceNs = 0;
  #lastActiveNs: number;
  #isPaused = false;
  #isClosed = false;
  /** The client has closed: answers go nowhere. */
  #isGone = false;
  #isDraining = false;
  #current: PendingExchange | null = null;
  /** Response bytes written and not yet taken by the operating system. */
  #unsentBytes = 0;
  /** Written callbacks still to come of responses that the operating system took at once. */
  #staleWrittenCallbacks = 0;

  constructor(host: ConnectionHost, connection: Connection) {
    this.#host = host;
    this.#connection = connection;
    this.#reader = new FrameReader(host.broker.limits.requestMaxBytes);
    this.#lastActiveNs = host.broker.clock.nowNs();
  }

  get remote(): string {
    return this.#connection.remote;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  onData(chunk: Buffer): void {
    if (this.#isClosed) return;
    this.#lastActiveNs = this.#host.broker.clock.nowNs();
    try {
      this.#reader.push(chunk, this.#onFrame);
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      this.shed(error.message);
    }
    if (!this.#isClosed) this.#trackHalfRead();
  }

  onClose(_error: Error | null): void {
    if (!this.#isClosed) {
      this.#workOffQueue();
      this.#markClosed();
    }
    this.#releaseViews();
  }

  /** Closes at once, answering nothing. */
  shed(reason: string): void {
    if (this.#isClosed) return;
    this.#host.broker.counters.disconnects++;
    this.#host.broker.lastDisconnectReason = `${this.#connection.remote}: ${reason}`;
    this.#markClosed();
    this.#connection.close();
  }

  /** Lets what was answered go out, then closes. */
  end(): void {
    if (this.#isClosed) return;
    this.#markClosed();
    this.#connection.end();
  }

  /** Closes the connection when it has been silent, or its request half read, for too long. */
  checkAge(nowNs: number): void {
    const { connectionsMaxIdleMs, halfReadMaxMs } = this.#host.broker.limits;
    if (this.#isHalfRead && !this.#isPaused && nowNs - this.#halfReadSinceNs > halfReadMaxMs * NS_PER_MS) {
      this.shed(`a request stayed half read for more than ${halfReadMaxMs} ms`);
    } else if (nowNs - this.#lastActiveNs > connectionsMaxIdleMs * NS_PER_MS) {
      this.shed(`idle for more than ${connectionsMaxIdleMs} ms`);
    } else if (nowNs - this.#lastActiveNs > QUIET_NS && !this.#isHalfRead && this.#reader.capacityBytes > 0) {
      // A reader keeps its assembly buffer for the next large request; a quiet connection needs none.
      this.#reader = new FrameReader(this.#host.broker.limits.requestMaxBytes);
    }
  }

  /** Called by the exchange in progress: the response's chunks, or null when none is due. */
  finishExchange(chunks: readonly Uint8Array[] | null): void {
    this.#current = null;
    if (this.#isClosed || this.#isGone) return;
    if (chunks !== null) {
      this.#connection.write(chunks, this.#onWritten);
      if (this.#connection.pendingBytes > 0) {
        this.#unsentBytes = this.#connection.pendingBytes;
        this.#host.broker.budget.adjust(this.#unsentBytes);
        return;
      }
      this.#staleWrittenCallbacks++;
    }
    this.#releaseViews();
    this.#drain();
  }

  /** The log's memory that a response carried may be written again. */
  #releaseViews(): void {
    this.#host.broker.storage.views?.release(this);
  }

  #responseWritten(): void {
    if (this.#staleWrittenCallbacks > 0) {
      this.#staleWrittenCallbacks--;
      return;
    }
    if (this.#isClosed) return;
    this.#lastActiveNs = this.#host.broker.clock.nowNs();
    this.#host.broker.budget.adjust(-this.#unsentBytes);
    this.#unsentBytes = 0;
    this.#releaseViews();
    this.#drain();
  }

  get #isBusy(): boolean {
    return this.#current !== null || this.#unsentBytes > 0;
  }

  #take(frame: Buffer): void {
    if (this.#isClosed) return;
    if (this.#isHalfRead) this.#endHalfRead();
    if (!this.#isBusy && this.#queue.isEmpty) {
      this.#work(frame);
      return;
    }
    this.#host.broker.budget.adjust(this.#queue.push(this.#reader.takeFrame()));
    if (this.#queue.heldBytes > this.#host.broker.limits.connectionQueueMaxBytes) this.#pause();
  }

  #work(frame: Buffer): void {
    const { broker, handlers } = this.#host;
    broker.counters.requests++;
    let context = 'request header';
    try {
      const incoming = decodeIncoming(frame, handlers);
      if (incoming.kind === 'refused') {
        this.shed(incoming.reason);
        return;
      }
      if (incoming.kind === 'answered') {
        this.finishExchange(incoming.response);
        return;
      }
      const { handler } = incoming;
      context = `${handler.api.name} v${incoming.version}`;
      const exchange = new PendingExchange(this, broker, incoming);
      this.#current = exchange;
      // What the handler reads from the log may be views, kept until the response has been written.
      broker.storage.views?.hold(this);
      handler.handle(decodeBody(incoming, frame), exchange);
    } catch (error) {
      if (!(error instanceof TidemarkError && error.kind === 'PROTOCOL')) {
        this.#host.onHandlerFailure(error, `${context} from ${this.#connection.remote}`);
      }
      this.shed(`${context}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    while (!this.#queue.isEmpty && !this.#isBusy && !this.#isClosed) this.#work(this.#nextQueued());
    this.#isDraining = false;
    if (this.#isPaused && this.#queue.isEmpty && !this.#isClosed) this.#resume();
  }

  /**
   * The client is gone, but its requests had come: Kafka appends what it has read all the same. Nobody waits for the
   * answers, so what would have to wait for one is given up.
   */
  #workOffQueue(): void {
    this.#isGone = true;
    this.#giveUpCurrent();
    // One that closes the connection empties the queue.
    while (!this.#queue.isEmpty) {
      this.#work(this.#nextQueued());
      this.#giveUpCurrent();
    }
  }

  #nextQueued(): Buffer {
    const heldBefore = this.#queue.heldBytes;
    const frame = this.#queue.shift();
    this.#host.broker.budget.adjust(this.#queue.heldBytes - heldBefore);
    return frame;
  }

  #giveUpCurrent(): void {
    this.#current?.abandon();
    this.#current = null;
  }

  #pause(): void {
    if (this.#isPaused || this.#isClosed) return;
    this.#isPaused = true;
    this.#connection.pause();
  }

  #resume(): void {
    this.#isPaused = false;
    // The client could not go on while we did not read: its time starts anew.
    this.#halfReadSinceNs = this.#host.broker.clock.nowNs();
    this.#lastActiveNs = this.#halfReadSinceNs;
    this.#connection.resume();
  }

  #trackHalfRead(): void {
    const { budget } = this.#host.broker;
    const { pendingBytes } = this.#reader;
    const grownBytes = pendingBytes - this.#accountedPartialBytes;
    if (pendingBytes > 0 && !this.#isHalfRead) {
      this.#isHalfRead = true;
      this.#halfReadSinceNs = this.#lastActiveNs;
      budget.beginHalfRead(this);
    }
    // Both calls may shed a connection, this one too, which then gives back what is accounted for.
    if (this.#isClosed) return;
    this.#accountedPartialBytes = pendingBytes;
    budget.adjust(grownBytes);
  }

  #endHalfRead(): void {
    this.#isHalfRead = false;
    this.#host.broker.budget.endHalfRead(this);
  }

  #markClosed(): void {
    this.#isClosed = true;
    const { budget } = this.#host.broker;
    if (this.#isHalfRead) this.#endHalfRead();
    budget.adjust(-(this.#queue.heldBytes + this.#unsentBytes + this.#accountedPartialBytes));
    this.#queue.clear();
    this.#unsentBytes = 0;
    this.#accountedPartialBytes = 0;
    this.#giveUpCurrent();
    this.#host.onConnectionClosed(this);
  }
}
