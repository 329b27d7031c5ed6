import type { Clock } from '../base/clock.ts';
import type { TidemarkError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { backoffMs } from './backoff.ts';
import type { ClientConfig } from './client-config.ts';
import { DeadlineTimer } from './deadline-timer.ts';

export interface RefreshRound {
  /** One round of requests: what is waited for, and with `isFull` all that is cached too. Never rejects. */
  run(isFull: boolean): Promise<TidemarkError | null>;
  /** Whether somebody still waits after a round. */
  isWanted(): boolean;
}

/**
 * When metadata is asked for: at once for whoever begins to wait, at most once per retry.backoff.ms for suspicion
 * and after failures (growing, with jitter), and after metadata.max.age.ms. One round at a time; what comes up
 * meanwhile shares the next.
 */
export class RefreshSchedule {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #config: ClientConfig;
  readonly #round: RefreshRound;
  readonly #timer: DeadlineTimer;
  #dueNs = Number.POSITIVE_INFINITY;
  #isRunning = false;
  #isClosed = false;
  /** The next round is a full one. */
  #isStale = false;
  #failures = 0;
  #lastRoundNs = Number.NEGATIVE_INFINITY;
  #lastFullNs: number;

  constructor(environment: { clock: Clock; random: Random; config: ClientConfig }, round: RefreshRound) {
    this.#clock = environment.clock;
    this.#random = environment.random;
    this.#config = environment.config;
    this.#round = round;
    this.#timer = new DeadlineTimer(this.#clock, () => this.#wake());
    this.#lastFullNs = this.#clock.nowNs();
  }

  /** The metadata at hand is new: max age counts from here. */
  start(): void {
    this.#lastFullNs = this.#clock.nowNs();
    this.#arm();
  }

  /** A round at once, or as soon as the running one has ended. */
  want(): void {
    this.#schedule(0);
  }

  /** A full round, as soon as retry.backoff.ms since the last has passed; not sooner than a failed one is repeated. */
  suspect(): void {
    this.#isStale = true;
    if (this.#isRunning) return;
    const sinceMs = (this.#clock.nowNs() - this.#lastRoundNs) / 1e6;
    this.#schedule(Math.max(0, this.#config.retryBackoffMs - sinceMs));
  }

  close(): void {
    this.#isClosed = true;
    this.#timer.clear();
  }

  #schedule(delayMs: number): void {
    this.#dueNs = Math.min(this.#dueNs, this.#clock.nowNs() + delayMs * 1e6);
    this.#arm();
  }

  #arm(): void {
    if (this.#isClosed || this.#isRunning) return;
    const nowNs = this.#clock.nowNs();
    if (this.#dueNs <= nowNs) void this.#run();
    else if (this.#failures > 0) this.#timer.cover(this.#dueNs, nowNs);
    else this.#timer.cover(Math.min(this.#dueNs, this.#agedNs()), nowNs);
  }

  #agedNs(): number {
    return this.#lastFullNs + this.#config.metadataMaxAgeMs * 1e6;
  }

  #wake(): void {
    // After a failure its pause counts, however old the metadata has become.
    if (this.#failures === 0 && this.#clock.nowNs() >= this.#agedNs()) this.#dueNs = 0;
    this.#arm();
  }

  async #run(): Promise<void> {
    const isFull = this.#isStale || this.#clock.nowNs() >= this.#agedNs();
    this.#isRunning = true;
    this.#isStale = false;
    this.#dueNs = Number.POSITIVE_INFINITY;
    const error = await this.#round.run(isFull);
    this.#isRunning = false;
    const nowNs = this.#clock.nowNs();
    this.#lastRoundNs = nowNs;
    if (error === null && isFull) this.#lastFullNs = nowNs;
    if (error !== null) this.#isStale ||= isFull;
    if (error === null && !this.#round.isWanted()) {
      this.#failures = 0;
      if (this.#isStale) this.suspect();
      else this.#arm();
      return;
    }
    this.#failures++;
    const { retryBackoffMs, retryBackoffMaxMs } = this.#config;
    const range = { firstMs: Math.max(retryBackoffMs, 1), maxMs: Math.max(retryBackoffMaxMs, 1) };
    // Whoever began to wait during the round has set an earlier time, and is served at once.
    this.#schedule(backoffMs(range, this.#failures, this.#random));
  }
}
