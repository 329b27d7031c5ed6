import type { Timer } from '../../core/base/clock.ts';
import type { Connection, ConnectionHandler } from '../../core/base/network.ts';
import { type LinkWorld, systemError, type Trouble } from './network-conditions.ts';

const TRICKLE_MS = 1000;
const RUBBISH = 0xee;

interface Write {
  readonly chunks: readonly Uint8Array[];
  readonly onWritten: (() => void) | undefined;
}

/** Something on its way to the other side: bytes, or the news that this side has closed. */
interface Flight {
  readonly bytes: Buffer | null;
  readonly error: Error | null;
  readonly dueNs: number;
}

/** One end of a simulated connection; it owns what is on its way to the other. */
export class SimulatedConnection implements Connection {
  readonly isClient: boolean;
  readonly place: string;
  pendingBytes = 0;
  readonly #network: LinkWorld<SimulatedConnection>;
  readonly #trouble: Trouble;
  #peer: SimulatedConnection | null = null;
  #handler: ConnectionHandler | null = null;
  #outbox: Write[] = [];
  #isTaking = false;
  #flights: Flight[] = [];
  #lastDueNs = 0;
  #timer: Timer | null = null;
  #inbox: Buffer[] = [];
  #isPaused = false;
  #isOpen = true;
  #isEnding = false;
  /** The connection is gone, which this side does not know yet: what it writes goes nowhere. */
  #isBroken = false;

  constructor(
    network: LinkWorld<SimulatedConnection>,
    options: { place: string; trouble: Trouble; isClient: boolean },
  ) {
    this.#network = network;
    this.place = options.place;
    this.#trouble = options.trouble;
    this.isClient = options.isClient;
  }

  get remote(): string {
    return this.isClient ? this.place : 'client';
  }

  /** Whether the other side still listens: what a broker cannot know. */
  get isPeerOpen(): boolean {
    return this.#peer!.#isOpen;
  }

  join(peer: SimulatedConnection, handler: ConnectionHandler): void {
    this.#peer = peer;
    this.#handler = handler;
  }

  write(chunks: readonly Uint8Array[], onWritten?: () => void): void {
    if (!this.#isOpen || this.#isEnding) return;
    for (const chunk of chunks) this.pendingBytes += chunk.length;
    this.#outbox.push({ chunks, onWritten });
    if (this.#isTaking) return;
    this.#isTaking = true;
    const { clock, weather } = this.#network;
    if (this.#network.chance(weather.slowTakeChance))
      clock.setTimer(this.#take, 1 + this.#network.random.nextBelow(5));
    else clock.defer(this.#take);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (let bytes = this.#inbox.shift(); bytes !== undefined; bytes = this.#inbox.shift()) {
      this.#receive(bytes);
      if (this.#isPaused) return;
    }
  }

  end(): void {
    this.#isEnding = true;
    if (this.#outbox.length === 0) this.close();
  }

  close(): void {
    this.#closeWith(null);
  }

  /** Closes so that the other side gets a reset, as when the process has died. */
  reset(): void {
    this.#closeWith(systemError('ECONNRESET', 'read ECONNRESET'));
  }

  /** Silence or trickling began or ended. */
  conditionsChanged(): void {
    if (this.#timer !== null) this.#network.clock.clearTimer(this.#timer);
    this.#timer = null;
    this.#arm();
  }

  #closeWith(news: Error | null): void {
    if (!this.#isOpen) return;
    if (!this.#network.chance(this.#network.weather.lateBytesChance)) this.#flights = [];
    if (!this.#isBroken) this.#depart(null, news);
    this.#shut(null, true);
  }

  /** The operating system reads what was written, only now. */
  readonly #take = (): void => {
    this.#isTaking = false;
    for (const { chunks, onWritten } of this.#outbox.splice(0)) {
      if (!this.#isOpen) return;
      const bytes = Buffer.concat(chunks);
      this.pendingBytes -= bytes.length;
      this.#transmit(bytes);
      onWritten?.();
    }
    if (this.#isEnding && this.#outbox.length === 0) this.close();
  };

  #transmit(bytes: Buffer): void {
    if (this.#isBroken || bytes.length === 0) return;
    const keptBytes = this.#network.drawCut(this, bytes.length);
    if (keptBytes === null) {
      this.#depart(bytes, null);
      return;
    }
    if (keptBytes > 0) this.#depart(bytes.subarray(0, keptBytes), null);
    const reset = systemError('ECONNRESET', 'read ECONNRESET');
    this.#depart(null, reset);
    this.#isBroken = true;
    this.#network.clock.setTimer(() => this.#shut(reset, false), this.#network.latencyMs());
  }

  #depart(bytes: Buffer | null, error: Error | null): void {
    const dueNs = this.#network.clock.nowNs() + this.#network.latencyMs() * 1e6;
    this.#lastDueNs = Math.max(this.#lastDueNs, dueNs);
    this.#flights.push({ bytes, error, dueNs: this.#lastDueNs });
    this.#arm();
  }

  get #isSilenced(): boolean {
    const { silence } = this.#trouble;
    return silence === 'both' || silence === (this.isClient ? 'to-broker' : 'to-client');
  }

  #arm(): void {
    const first = this.#flights[0];
    if (first === undefined || this.#timer !== null || this.#isSilenced) return;
    const { clock } = this.#network;
    const delayMs = Math.max(0, (first.dueNs - clock.nowNs()) / 1e6);
    this.#timer = clock.setTimer(this.#arrive, this.#trouble.isTrickling ? TRICKLE_MS : delayMs);
  }

  readonly #arrive = (): void => {
    this.#timer = null;
    const nowNs = this.#network.clock.nowNs();
    for (let first = this.#flights[0]; first !== undefined; first = this.#flights[0]) {
      const { bytes, error, dueNs } = first;
      if (dueNs > nowNs || this.#isSilenced) break;
      if (this.#trouble.isTrickling && bytes !== null && bytes.length > 1) {
        this.#flights[0] = { ...first, bytes: bytes.subarray(1) };
        this.#peer!.#receive(bytes.subarray(0, 1));
        break;
      }
      this.#flights.shift();
      if (bytes === null) this.#peer!.#shut(error, false);
      else this.#peer!.#receive(bytes);
      if (this.#trouble.isTrickling) break;
    }
    this.#arm();
    if (!this.#isOpen && this.#flights.length === 0) this.#network.release(this);
  };

  #receive(bytes: Buffer): void {
    if (this.#isPaused) {
      this.#inbox.push(bytes);
      return;
    }
    const { random, weather } = this.#network;
    let pieces = this.#network.chance(weather.splitChance) ? 2 + random.nextBelow(2) : 1;
    for (let start = 0; this.#isOpen && start < bytes.length; pieces--) {
      const left = bytes.length - start;
      const end = pieces <= 1 ? bytes.length : start + 1 + random.nextBelow(left);
      const chunk = bytes.subarray(start, end);
      this.#handler!.onData(chunk);
      chunk.fill(RUBBISH);
      start = end;
    }
  }

  #shut(error: Error | null, isOwnWish: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#outbox = [];
    this.#inbox = [];
    if (!isOwnWish) {
      // The other side is gone: nobody is there for what is under way.
      this.#flights = [];
      this.conditionsChanged();
    }
    this.#network.noteClosed(this);
    if (this.#flights.length === 0) this.#network.release(this);
    const handler = this.#handler!;
    if (isOwnWish) this.#network.clock.defer(() => handler.onClose(null));
    else handler.onClose(error);
  }
}
