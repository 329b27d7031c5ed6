import type { Clock } from '../../core/base/clock.ts';
import type { Connection } from '../../core/base/network.ts';
import type { Random } from '../../core/base/random.ts';
import { FrameReader } from '../../core/wire/frame-reader.ts';
import { decodeRequestHeader, type RequestHeader } from '../../core/wire/request-header.ts';
import type { Mischief } from './mischief.ts';
import type { SimulatedConnection } from './simulated-connection.ts';

/** An answer on its way out, for a test to spoil. Nothing is sent but what the test writes. */
export interface OutgoingAnswer {
  readonly apiKey: number;
  /** Length prefix included. */
  readonly frame: Buffer;
  write(bytes: Uint8Array): void;
  /** Ends the connection after what was written. */
  end(): void;
  /** The connection stays open and says nothing any more. */
  mute(): void;
}

/** What a session asks of the cluster. */
export interface SessionWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly mischief: Mischief;
  readonly tamper: ((answer: OutgoingAnswer) => void) | null;
  chance(probability: number): boolean;
}

/** The broker that a session belongs to. */
export interface SessionHost {
  readonly cluster: SessionWorld;
  /** The answer's frame; null: none; 'close': the connection ends instead. */
  handle(header: RequestHeader, frame: Buffer, isLate: boolean): Buffer | 'close' | null;
}

/**
 * One connection as a broker sees it: one request at a time, as Kafka does, and whatever has arrived is worked off
 * even when the client has gone meanwhile.
 */
export class ModelSession {
  readonly #broker: SessionHost;
  readonly #connection: SimulatedConnection;
  readonly #frames = new FrameReader(64 * 1024 * 1024);
  readonly #queue: Buffer[] = [];
  #isBusy = false;
  #isMuted = false;
  /** The process is gone. */
  #isDead = false;

  constructor(broker: SessionHost, connection: Connection) {
    this.#broker = broker;
    this.#connection = connection as SimulatedConnection;
  }

  onData(chunk: Buffer): void {
    this.#frames.push(chunk, (frame) => this.#queue.push(Buffer.from(frame)));
    this.#next();
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  die(): void {
    this.#isDead = true;
    this.#connection.reset();
  }

  #next(): void {
    if (this.#isBusy || this.#queue.length === 0) return;
    this.#isBusy = true;
    const { cluster } = this.#broker;
    const frame = this.#queue.shift()!;
    const { minProcessingMs, maxProcessingMs } = cluster.mischief;
    const delayMs = minProcessingMs + cluster.random.nextBelow(maxProcessingMs - minProcessingMs + 1);
    if (delayMs === 0) this.#serve(frame);
    else cluster.clock.setTimer(() => this.#serve(frame), delayMs);
  }

  #serve(frame: Buffer): void {
    if (this.#isDead) return;
    const isLate = !this.#connection.isPeerOpen;
    const header = decodeRequestHeader(frame);
    const answer = this.#broker.handle(header, frame, isLate);
    const { cluster } = this.#broker;
    const { mischief, tamper } = cluster;
    if (tamper !== null && answer !== null && answer !== 'close') {
      tamper({
        apiKey: header.apiKey,
        frame: answer,
        write: (bytes) => {
          if (!this.#isMuted) this.#connection.write([bytes]);
        },
        end: () => this.#connection.end(),
        mute: () => {
          this.#isMuted = true;
        },
      });
    } else if (answer === 'close') {
      this.#connection.close();
    } else if (answer !== null && !this.#isMuted) {
      if (cluster.chance(mischief.lostAnswerChance)) this.#connection.reset();
      else if (cluster.chance(mischief.mutedChance)) this.#isMuted = true;
      else if (cluster.chance(mischief.delayedAnswerChance)) {
        cluster.clock.setTimer(() => this.#answer(answer), mischief.delayMs);
        return;
      } else {
        this.#answer(answer);
        return;
      }
    }
    this.#done();
  }

  #answer(answer: Buffer): void {
    const { cluster } = this.#broker;
    const { mischief } = cluster;
    if (this.#isDead) return;
    if (cluster.chance(mischief.strangeAnswerChance)) answer.writeInt32BE(answer.readInt32BE(4) + 1, 4);
    if (cluster.chance(mischief.truncatedAnswerChance)) {
      this.#connection.write([answer.subarray(0, cluster.random.nextBelow(answer.length))]);
      this.#connection.end();
    } else {
      this.#connection.write([answer]);
      if (cluster.chance(mischief.duplicatedAnswerChance)) this.#connection.write([Buffer.from(answer)]);
    }
    this.#done();
  }

  #done(): void {
    this.#isBusy = false;
    this.#next();
  }
}
