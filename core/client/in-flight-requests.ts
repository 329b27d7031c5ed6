import type { TidemarkError } from '../base/errors.ts';
import type { Api } from '../wire/api.ts';

/** How a request ends: exactly one of the two is null, but both are for a request that gets no response. */
export type ResponseCallback<Res> = (error: TidemarkError | null, body: Res | null) => void;

export interface RequestCallbacks<Res> {
  /**
   * Exactly once, never inside send(). Buffers in the body are views that are valid only during the call.
   * Of a request with `noResponse`: both null once the operating system has the bytes.
   */
  onResponse: ResponseCallback<Res>;
  /** The operating system has the whole request; the clock's nanoseconds. Always before a good onResponse. */
  onWritten?: ((writtenNs: number) => void) | undefined;
  readonly noResponse?: boolean | undefined;
  /** Buffers in the body stay valid after the call; costs a copy of a response that came in one piece. */
  readonly keepsBuffers?: boolean | undefined;
  /** Instead of request.timeout.ms, counted from send(). */
  readonly timeoutMs?: number | undefined;
}

/** One request on its way. Slots are reused: read what you need before the next call on the ring. */
export interface InFlightRequest {
  api: Api<unknown, unknown> | null;
  version: number;
  correlationId: number;
  sentNs: number;
  timeoutMs: number;
  isWritten: boolean;
  /** null: ended, or a free slot. */
  callbacks: RequestCallbacks<unknown> | null;
}

/** A request that is encoded, and may still wait for its place among the requests of its connection. */
export interface Outgoing {
  readonly api: Api<unknown, unknown>;
  readonly version: number;
  readonly correlationId: number;
  readonly callbacks: RequestCallbacks<unknown>;
}

const FIRST_CAPACITY = 8;

/**
 * The requests of one connection in the order sent, which is the order of their responses. A ring of reused
 * slots: a request in flight allocates nothing here. It grows with what the caller leaves in flight, which
 * max.in.flight.requests.per.connection bounds. Two places move through it: the oldest request that has no
 * response, and the oldest that is not yet written.
 */
export class InFlightRequests {
  private slots: InFlightRequest[] = Array.from({ length: FIRST_CAPACITY }, emptySlot);
  private head = 0;
  private unwritten = 0;
  private tail = 0;
  private pending = 0;
  /** Requests answered before the network said that they were written. */
  private answeredEarly = 0;

  /** Requests not ended. */
  get size(): number {
    return this.pending;
  }

  /** The slot for one more request, for the caller to fill. */
  push(): InFlightRequest {
    if (this.tail - this.head === this.slots.length) this.grow();
    this.pending++;
    return this.at(this.tail++);
  }

  /** The oldest request not ended, or null. */
  oldest(): InFlightRequest | null {
    return this.pending === 0 ? null : this.at(this.head);
  }

  /** Takes a request out and lets go of its callbacks: the oldest, or one that waits for no response. */
  end(request: InFlightRequest): void {
    request.callbacks = null;
    this.pending--;
    while (this.head < this.tail && this.at(this.head).callbacks === null) {
      this.head++;
      if (this.unwritten < this.head) {
        this.unwritten = this.head;
        this.answeredEarly++;
      }
    }
    // Small counters, so that they stay integers in registers.
    if (this.head === this.tail) this.head = this.tail = this.unwritten = 0;
  }

  /**
   * The request of the next write that has finished (writes finish in the order sent), or null when it is gone.
   */
  nextWritten(): InFlightRequest | null {
    if (this.answeredEarly > 0) {
      this.answeredEarly--;
      return null;
    }
    return this.unwritten === this.tail ? null : this.at(this.unwritten++);
  }

  /** When the first of them runs out of time, in clock nanoseconds; Infinity when there is none. */
  earliestDeadlineNs(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (let place = this.head; place < this.tail; place++) {
      const request = this.at(place);
      if (request.callbacks !== null) earliest = Math.min(earliest, deadlineNs(request));
    }
    return earliest;
  }

  /** Ends every request, oldest first, with the error that `outcomeOf` gives it. */
  endAll(outcomeOf: (request: InFlightRequest) => TidemarkError): void {
    for (let request = this.oldest(); request !== null; request = this.oldest()) {
      const callbacks = request.callbacks!;
      const outcome = outcomeOf(request);
      this.end(request);
      callbacks.onResponse(outcome, null);
    }
  }

  private at(place: number): InFlightRequest {
    return this.slots[place & (this.slots.length - 1)] as InFlightRequest;
  }

  private grow(): void {
    const ordered: InFlightRequest[] = [];
    for (let place = this.head; place < this.tail; place++) ordered.push(this.at(place));
    this.unwritten -= this.head;
    this.head = 0;
    this.tail = ordered.length;
    while (ordered.length < this.tail * 2) ordered.push(emptySlot());
    this.slots = ordered;
  }
}

export function deadlineNs(request: InFlightRequest): number {
  return request.sentNs + request.timeoutMs * 1e6;
}

/** Makes a slot that push() gave the one of this request. */
export function fillSlot(slot: InFlightRequest, outgoing: Outgoing, sentNs: number, timeoutMs: number): void {
  slot.api = outgoing.api;
  slot.version = outgoing.version;
  slot.correlationId = outgoing.correlationId;
  slot.sentNs = sentNs;
  slot.timeoutMs = timeoutMs;
  slot.isWritten = false;
  slot.callbacks = outgoing.callbacks;
}

function emptySlot(): InFlightRequest {
  return {
    api: null,
    version: 0,
    correlationId: 0,
    sentNs: 0,
    timeoutMs: 0,
    isWritten: false,
    callbacks: null,
  };
}
