import net from 'node:net';
import type { Api } from '../../../core/wire/api.ts';
import { FrameReader } from '../../../core/wire/frame-reader.ts';
import { decodeResponse, encodeRequest } from '../../../core/wire/framing.ts';
import type { Draft } from '../../../core/wire/schema.ts';

/** A socket that speaks frames, and lets a test send any bytes at all. */
export class RawClient {
  readonly socket: net.Socket;
  /** Resolves when the connection is closed, by whichever side. */
  readonly closed: Promise<void>;
  isClosed = false;
  readonly #reader = new FrameReader(200 * 1024 * 1024);
  readonly #frames: Buffer[] = [];
  readonly #waiting: ((frame: Buffer | null) => void)[] = [];
  #nextCorrelationId = 1;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#reader.push(chunk, (frame) => this.#deliver(Buffer.from(frame)));
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isClosed = true;
        for (const waiter of this.#waiting.splice(0)) waiter(null);
        resolve();
      });
    });
  }

  static connect(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  /** Sends a request and decodes its response. Rejects when the broker closes the connection instead. */
  async ask<Req, Res>(api: Api<Req, Res>, version: number, body: Draft<Req>): Promise<Res> {
    const correlationId = this.send(api, version, body);
    const frame = await this.nextFrame();
    if (frame === null) throw new Error(`the broker closed the connection on ${api.name} v${version}`);
    const response = decodeResponse(api, version, frame);
    if (response.correlationId !== correlationId) throw new Error(`correlation id ${response.correlationId}`);
    return response.body;
  }

  /** Sends a request, returns its correlation id. */
  send<Req, Res>(api: Api<Req, Res>, version: number, body: Draft<Req>): number {
    const correlationId = this.#nextCorrelationId++;
    this.write(frameOf(api, version, correlationId, body));
    return correlationId;
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next response's frame; null when the connection closes first. */
  nextFrame(): Promise<Buffer | null> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.isClosed) return Promise.resolve(null);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get unreadFrames(): number {
    return this.#frames.length;
  }

  close(): void {
    this.socket.destroy();
  }

  #deliver(frame: Buffer): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#frames.push(frame);
    else waiter(frame);
  }
}

/** A request's bytes, its length prefix included. */
export function frameOf<Req, Res>(
  api: Api<Req, Res>,
  version: number,
  correlationId: number,
  body: Draft<Req>,
): Buffer {
  return Buffer.concat(encodeRequest(api, version, { correlationId, clientId: 'raw' }, body as never));
}
