import type { Clock } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Connection, Endpoint } from '../base/network.ts';
import type { Api } from '../wire/api.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { correlationIdOf, decodeResponse, encodeRequest } from '../wire/framing.ts';
import type { Draft } from '../wire/schema.ts';
import type { BrokerConnectionOptions, RequestOptions } from './connection-options.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { formatEndpoint } from './endpoint.ts';
import {
  deadlineNs,
  fillSlot,
  type InFlightRequest,
  InFlightRequests,
  type Outgoing,
  type RequestCallbacks,
} from './in-flight-requests.ts';
import { explainEarlyClose, explainFailedConnect } from './opening-errors.ts';
import { logIn, negotiate } from './opening-steps.ts';
import {
  bystanderError,
  encodingError,
  lostConnection,
  networkError,
  outcomesOf,
  unexpectedResponse,
} from './request-errors.ts';
import type { Login } from './security/login.ts';
import { type BrokerVersions, responseVersion } from './version-negotiation.ts';

const LAST_CORRELATION_ID = 0x7fff_ffff;
const FIRST_BYTES_KEPT = 24;

/**
 * One connection to one broker: requests go out at once, several may be in flight, responses come in order.
 * Whatever the other side does, each request ends exactly once: with its response, TIMEOUT, PROTOCOL when the
 * response cannot be read or answers something else, or a retriable NETWORK error when the connection closes first.
 * A time-out and a protocol error close the connection, as in Kafka's NetworkClient.
 */
export class BrokerConnection {
  /** `host:port`. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Bytes and number of all requests handed to the network. */
  wroteBytes = 0;
  wroteRequests = 0;
  /** Whether the broker has answered a request beyond those that open a connection. */
  isServed = false;
  /** The clock when the last request was sent, or the connection opened. */
  lastSentNs: number;
  private readonly options: BrokerConnectionOptions;
  private readonly clock: Clock;
  private readonly frames: FrameReader;
  private readonly requests = new InFlightRequests();
  private readonly closeListeners: ((error: TidemarkError) => void)[] = [];
  private connection: Connection | null = null;
  private closedBy: TidemarkError | null = null;
  private versions: BrokerVersions | null = null;
  private readonly negotiated = new Map<object, number>();
  private nextCorrelationId = 0;
  private firstBytes: Buffer | null = null;
  private login: Login | null = null;
  private isOpened = false;
  private readonly deadlines: DeadlineTimer;

  private constructor(options: BrokerConnectionOptions) {
    this.options = options;
    this.clock = options.clock;
    this.endpoint = options.endpoint;
    this.name = formatEndpoint(options.endpoint);
    this.frames = new FrameReader(options.maxResponseBytes);
    this.lastSentNs = options.clock.nowNs();
    this.deadlines = new DeadlineTimer(options.clock, () => this.checkDeadlines());
  }

  /** Connects, negotiates versions and logs in. Rejects as opening-errors.ts says, or with the broker's own error. */
  static async open(options: BrokerConnectionOptions): Promise<BrokerConnection> {
    const opened = new BrokerConnection(options);
    const giveUp = () => opened.close('given up');
    options.signal?.addEventListener('abort', giveUp, { once: true });
    try {
      // The steps of opening, in order; the next request waits for the one before it.
      await opened.connect();
      opened.versions = await negotiate(opened, options, () => opened.firstBytes);
      opened.login = await logIn(opened, options, (error) => opened.fail(error));
    } catch (error) {
      opened.close();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', giveUp);
    }
    opened.isOpened = true;
    return opened;
  }

  get isOpen(): boolean {
    return this.closedBy === null;
  }

  /** Requests sent, or waiting for a renewed login, and not ended. */
  get inFlight(): number {
    return this.login === null ? this.requests.size : this.requests.size + this.login.waiting;
  }

  /** Request bytes that the operating system has not taken yet. */
  get pendingBytes(): number {
    return this.connection?.pendingBytes ?? 0;
  }

  /** The highest version of the API that both sides speak. Throws UNSUPPORTED_VERSION. */
  versionOf<Req, Res>(api: Api<Req, Res>): number {
    const known = this.negotiated.get(api);
    if (known !== undefined) return known;
    if (this.versions === null) throw new Error('versionOf() before the connection is open');
    const version = this.versions.highestCommon(api, this.name);
    this.negotiated.set(api, version);
    return version;
  }

  /** As send(), with a promise; the body's buffers stay valid. */
  request<Req, Res>(
    api: Api<Req, Res>,
    body: NoInfer<Draft<Req>>,
    options: RequestOptions & { readonly noResponse: true },
  ): Promise<null>;
  request<Req, Res>(api: Api<Req, Res>, body: NoInfer<Draft<Req>>, options?: RequestOptions): Promise<Res>;
  request<Req, Res>(
    api: Api<Req, Res>,
    body: NoInfer<Draft<Req>>,
    options: RequestOptions = {},
  ): Promise<Res | null> {
    return new Promise((resolve, reject) => {
      const callbacks: RequestCallbacks<Res> = {
        onResponse: (error, response) => (error === null ? resolve(response) : reject(error)),
        keepsBuffers: true,
        noResponse: options.noResponse,
        timeoutMs: options.timeoutMs,
      };
      this.send(api, body, callbacks, options.version);
    });
  }

  /**
   * Encodes and writes one request; while the login is renewed, after that. `callbacks` is kept by reference until the
   * request has ended. Never throws: what cannot be encoded or sent ends through onResponse.
   */
  send<Req, Res>(
    api: Api<Req, Res>,
    body: NoInfer<Draft<Req>>,
    callbacks: RequestCallbacks<Res>,
    askedVersion?: number,
  ): void {
    const closedBy = this.closedBy;
    if (closedBy !== null) {
      queueMicrotask(() => callbacks.onResponse(bystanderError(closedBy), null));
      return;
    }
    const correlationId = this.nextCorrelationId;
    let version = askedVersion;
    let chunks: Uint8Array[];
    try {
      version ??= this.versionOf(api);
      chunks = encodeRequest(api, version, { correlationId, clientId: this.options.clientId }, body);
    } catch (error) {
      queueMicrotask(() => callbacks.onResponse(encodingError(error), null));
      return;
    }
    this.nextCorrelationId = correlationId === LAST_CORRELATION_ID ? 0 : correlationId + 1;
    const outgoing = { api, version, correlationId, callbacks } as Outgoing;
    if (this.login?.mustWait(api, this.clock.nowNs()) === true) {
      const fail = (error: TidemarkError) => callbacks.onResponse(error, null);
      this.login.hold({ send: () => this.write(outgoing, chunks), fail });
    } else this.write(outgoing, chunks);
  }

  private write(outgoing: Outgoing, chunks: Uint8Array[]): void {
    const nowNs = this.clock.nowNs();
    const request = this.requests.push();
    fillSlot(request, outgoing, nowNs, outgoing.callbacks.timeoutMs ?? this.options.requestTimeoutMs);
    this.lastSentNs = nowNs;
    this.wroteRequests++;
    for (let index = 0; index < chunks.length; index++) this.wroteBytes += chunks[index]!.length;
    this.deadlines.cover(deadlineNs(request), nowNs);
    this.connection!.write(chunks, this.onWritten);
  }

  /** Ends what is in flight with a retriable NETWORK error, before it returns. */
  close(reason = 'closed by this client'): void {
    this.fail(networkError(`connection to ${this.name} ${reason}`));
  }

  /** Calls back once when the connection closes, after every request has ended; soon, when it is closed already. */
  onClose(listener: (error: TidemarkError) => void): void {
    const closedBy = this.closedBy;
    if (closedBy === null) this.closeListeners.push(listener);
    else queueMicrotask(() => listener(closedBy));
  }

  private async connect(): Promise<void> {
    const { network, endpoint, connectTimeoutMs, signal } = this.options;
    const handler = {
      onData: (chunk: Buffer) => this.receive(chunk),
      onClose: (error: Error | null) => this.noteClosed(error),
    };
    try {
      this.connection = await network.connect(endpoint, handler, connectTimeoutMs, signal);
    } catch (error) {
      this.closedBy ??= explainFailedConnect(this.options, error);
      throw this.closedBy;
    }
    if (this.closedBy === null) return;
    this.connection.close();
    throw this.closedBy;
  }

  private noteClosed(error: Error | null): void {
    const isEarly = this.isOpened && !this.isServed && this.requests.size > 0;
    const lost = lostConnection(this.name, error);
    this.fail(isEarly ? explainEarlyClose(this.options, lost) : lost);
  }

  /** Writes finish in the order sent, so one callback serves them all. */
  private readonly onWritten = (): void => {
    if (this.closedBy !== null) return;
    const request = this.requests.nextWritten();
    if (request !== null) this.noteWritten(request);
  };

  private noteWritten(request: InFlightRequest): void {
    const callbacks = request.callbacks;
    if (callbacks === null || request.isWritten) return;
    request.isWritten = true;
    if (callbacks.onWritten !== undefined) callbacks.onWritten(this.clock.nowNs());
    if (callbacks.noResponse !== true || request.callbacks === null) return;
    this.requests.end(request);
    callbacks.onResponse(null, null);
  }

  private receive(chunk: Buffer): void {
    if (this.closedBy !== null) return;
    this.firstBytes ??= Buffer.from(chunk.subarray(0, FIRST_BYTES_KEPT));
    try {
      this.frames.push(chunk, this.onFrame);
    } catch (error) {
      if (!(error instanceof TidemarkError) || error.kind !== 'PROTOCOL') throw error;
      this.fail(new TidemarkError('PROTOCOL', `${this.name}: ${error.message}`, { cause: error }));
    }
  }

  private readonly onFrame = (frame: Buffer): void => {
    // A callback for an earlier frame of the same chunk may have closed the connection.
    if (this.closedBy !== null) return;
    const correlationId = correlationIdOf(frame);
    const request = this.takeAnswered(correlationId);
    const { callbacks, api } = request;
    // onWritten may just have closed the connection, which has ended the request.
    if (callbacks === null) return;
    const kept = callbacks.keepsBuffers === true ? this.frames.takeFrame() : frame;
    const { body } = decodeResponse(api!, responseVersion(api!, request.version, kept), kept);
    this.requests.end(request);
    this.isServed ||= this.isOpened;
    callbacks.onResponse(null, body);
  };

  /** The request that a response answers, which is the oldest that expects one; it stays the oldest. */
  private takeAnswered(correlationId: number): InFlightRequest {
    let request = this.requests.oldest();
    // An answer shows that all before it were written, though the network has not said so yet.
    while (request !== null && request.callbacks!.noResponse === true) {
      this.noteWritten(request);
      request = this.requests.oldest();
    }
    if (request === null || request.correlationId !== correlationId) {
      throw unexpectedResponse(correlationId, request);
    }
    this.noteWritten(request);
    return request;
  }

  private checkDeadlines(): void {
    const earliestNs = this.requests.earliestDeadlineNs();
    const nowNs = this.clock.nowNs();
    if (earliestNs > nowNs) this.deadlines.cover(earliestNs, nowNs);
    else this.fail(networkError(`connection to ${this.name} closed after a request timed out`), nowNs);
  }

  /** Closes, and ends every request as outcomesOf() says. */
  private fail(error: TidemarkError, nowNs = Number.NEGATIVE_INFINITY): void {
    if (this.closedBy !== null) return;
    this.closedBy = error;
    this.deadlines.clear();
    this.connection?.close();
    this.requests.endAll(outcomesOf(error, nowNs, this.name));
    this.login?.fail(bystanderError(error));
    for (const listener of this.closeListeners.splice(0)) listener(error);
  }
}
