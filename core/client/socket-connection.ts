import type net from 'node:net';
import type { Timer } from '../base/clock.ts';
import type { Connection, ConnectionHandler } from '../base/network.ts';
import { realClock } from '../base/real-clock.ts';
import { formatEndpoint } from './endpoint.ts';

/** Bytes taken off a client socket at a time; a fetch response of megabytes then needs few calls. */
export const READ_BUFFER_BYTES = 256 * 1024;

/** How long end() waits for the peer to close its side before it closes ours. */
const END_LINGER_MS = 2_000;

/** How long a socket may take to open, and what ends it before that. */
export interface OpeningLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface Opening<T> extends OpeningLimits {
  /** Called in the event that says that the socket is ready: nothing that happens to it is missed. */
  readonly ready: () => T;
  /** What to say of a socket that took too long. */
  readonly late: () => string;
}

/**
 * Resolves with what `ready` makes of the socket. One that does not open is destroyed, and the promise rejects with the
 * system's error, ETIMEDOUT after the time, or ABORT_ERR.
 */
export function openSocket<T>(
  socket: net.Socket,
  readyEvent: 'connect' | 'secureConnect',
  opening: Opening<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const { timeoutMs, signal } = opening;
    const destroy = (code: string, message: string) =>
      socket.destroy(Object.assign(new Error(message), { code }));
    const abort = () => destroy('ABORT_ERR', 'connecting was given up');
    const timer = realClock.setTimer(() => destroy('ETIMEDOUT', opening.late()), timeoutMs);
    const settle = () => {
      realClock.clearTimer(timer);
      signal?.removeEventListener('abort', abort);
      socket.removeListener(readyEvent, succeed);
      socket.removeListener('error', refuse);
    };
    const refuse = (error: Error) => {
      settle();
      // A peer that keeps talking may cause one more error before the socket is gone.
      socket.on('error', () => {});
      socket.destroy();
      reject(flattenConnectError(error));
    };
    const succeed = () => {
      settle();
      resolve(opening.ready());
    };
    socket.once(readyEvent, succeed);
    socket.once('error', refuse);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** A name with several addresses fails with an AggregateError whose own message is empty. */
function flattenConnectError(error: Error): Error {
  if (!(error instanceof AggregateError) || error.errors.length === 0) return error;
  const messages = error.errors.map((each: Error) => each.message);
  return Object.assign(new Error(messages.join('; ')), { code: (error.errors[0] as { code?: string }).code });
}

/** One socket of either side, with TLS on it or not. */
export class SocketConnection implements Connection {
  readonly remote: string;
  readonly #socket: net.Socket;
  #handler: ConnectionHandler | null = null;
  #error: Error | null = null;
  /** After end() what still comes in is read and dropped: unread bytes would turn the close into a reset. */
  #discarding = false;
  #lingerTimer: Timer | null = null;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    this.remote = formatEndpoint({ host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 });
  }

  attach(handler: ConnectionHandler): void {
    this.#handler = handler;
    this.#socket.on('error', (error) => {
      this.#error ??= error;
    });
    // A Kafka peer never half-closes: after its FIN nobody waits for what is left to write.
    this.#socket.on('end', () => this.#socket.destroy());
    this.#socket.once('close', () => {
      if (this.#lingerTimer !== null) realClock.clearTimer(this.#lingerTimer);
      this.#handler?.onClose(this.#error);
    });
  }

  receive(chunk: Buffer): void {
    if (this.#discarding || this.#socket.destroyed) return;
    this.#handler?.onData(chunk);
  }

  get pendingBytes(): number {
    return this.#socket.writableLength;
  }

  write(chunks: readonly Uint8Array[], onWritten?: () => void): void {
    const socket = this.#socket;
    const last = chunks.length - 1;
    if (last < 0 || !socket.writable) return;
    const done = onWritten && ((error?: Error | null) => error ?? onWritten());
    // Corked chunks leave in one writev, by reference.
    if (last > 0) socket.cork();
    for (let index = 0; index < last; index++) socket.write(chunks[index] as Uint8Array);
    socket.write(chunks[last] as Uint8Array, done);
    if (last > 0) socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#discarding = true;
    this.#socket.destroy();
  }

  end(): void {
    if (this.#discarding) return;
    this.#discarding = true;
    this.#socket.end();
    this.#socket.resume();
    this.#lingerTimer = realClock.setTimer(() => this.#socket.destroy(), END_LINGER_MS);
  }
}
