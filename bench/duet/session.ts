import { randomBytes } from 'node:crypto';
import { TidemarkError } from '../../core/base/errors.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { realClock } from '../../core/base/real-clock.ts';
import type { MeasuredSession } from '../../reports/check/measured-session.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { DriverLoad, DriverSegment } from './driver-protocol.ts';
import { figuresOf, pairsOf, type SessionFigures } from './session-figures.ts';
import { drawOrder, drawQuads, type Role, SESSION_PLAN, type SessionPlan } from './session-plan.ts';
import type { DuetTarget } from './session-target.ts';
import type { Side } from './side.ts';
import type { DriverProcess, StartDriver } from './started-driver.ts';

export interface SessionOptions {
  readonly target: DuetTarget;
  readonly start: StartDriver;
  readonly load: Omit<DriverLoad, 'seed'>;
  /** Of each side's topic. */
  readonly partitions: number;
  /** Open segments as well: about three seconds more. */
  readonly latency: boolean;
  /** Payloads follow from it; orders from it and from `number`. */
  readonly seed: number;
  /** Which session of its check this is, from 0. */
  readonly number: number;
  readonly signal: AbortSignal;
  readonly plan?: SessionPlan;
}

/** One session: the statistical unit. Its log-ratios are one value per metric, whatever the number of segments. */
export interface SessionResult extends MeasuredSession {
  /** Acknowledged by each side and found in its topic. */
  readonly records: Readonly<Record<Role, number>>;
  /** Of the open segments; null without them. */
  readonly openRecordsPerSecond: number | null;
}

/**
 * Measures both sides once: fresh processes, side by side, started in random order; warmed in alternating slices; then
 * quads of segments in random order; then each side's topic must have grown by exactly what its driver says was
 * acknowledged. Rejects with a CliError: exit 4 when a side does not start, exit 3 when one dies, hangs, fails or lies;
 * with INTERRUPTED on abort. Nothing of it stays behind, neither processes nor topics.
 */
export async function runSession(
  base: Side,
  candidate: Side,
  options: SessionOptions,
): Promise<SessionResult> {
  const startedNs = realClock.nowNs();
  const session = new Session({ base, candidate }, options);
  try {
    await session.start();
    const measured = await session.measure();
    const records = await session.verify();
    return { ...measured, records, seconds: (realClock.nowNs() - startedNs) / 1e9 };
  } catch (error) {
    if (options.signal.aborted) {
      throw new TidemarkError('INTERRUPTED', 'the session was interrupted', { cause: error });
    }
    throw error;
  } finally {
    await session.release();
  }
}

class Session {
  readonly #sides: Readonly<Record<Role, Side>>;
  readonly #options: SessionOptions;
  readonly #plan: SessionPlan;
  readonly #random: SeededRandom;
  readonly #topics: Readonly<Record<Role, string>>;
  readonly #drivers = new Map<Role, DriverProcess>();
  /** One side that does not start ends the start of the other. */
  readonly #aborting = new AbortController();
  #starting: readonly Promise<unknown>[] = [];

  constructor(sides: Readonly<Record<Role, Side>>, options: SessionOptions) {
    this.#sides = sides;
    this.#options = options;
    this.#plan = options.plan ?? SESSION_PLAN;
    this.#random = new SeededRandom(options.seed, options.number);
    // Not of the seed: topics of a check that was killed may still be there.
    const id = randomBytes(4).toString('hex');
    this.#topics = { base: `tidemark-${id}-base`, candidate: `tidemark-${id}-candidate` };
  }

  async start(): Promise<void> {
    const { partitions, target } = this.#options;
    const order = drawOrder(this.#random);
    for (const role of order) await target.createTopic(this.#topics[role], partitions);
    this.#starting = order.map((role) => this.#startSide(role));
    await Promise.all(this.#starting);
  }

  async measure(): Promise<SessionFigures & Pick<SessionResult, 'openRecordsPerSecond'>> {
    const { closedMs, openMs, quads, latencyQuads } = this.#plan;
    const warm = await this.#warmUp();
    const closed = await this.#segments(quads, (driver) => driver.closed(closedMs));
    if (!this.#options.latency) return { ...figuresOf(pairsOf(closed), []), openRecordsPerSecond: null };
    const rate = Math.max(1, Math.floor(warm * this.#plan.openRateShare));
    const open = await this.#segments(latencyQuads, (driver) => driver.open(openMs, rate));
    return { ...figuresOf(pairsOf(closed), pairsOf(open)), openRecordsPerSecond: rate };
  }

  /** The second witness: the log itself. */
  async verify(): Promise<SessionResult['records']> {
    const [base, candidate] = await Promise.all([this.#verifySide('base'), this.#verifySide('candidate')]);
    return { base, candidate };
  }

  async release(): Promise<void> {
    this.#aborting.abort();
    await Promise.allSettled(this.#starting);
    for (const driver of this.#drivers.values()) driver.kill();
    await Promise.all(Object.values(this.#topics).map((topic) => this.#options.target.deleteTopic(topic)));
  }

  async #startSide(role: Role): Promise<void> {
    const { target, load, partitions, seed, signal, start } = this.#options;
    const driver = await start(this.#sides[role], {
      topic: this.#topics[role],
      bootstrapServers: target.bootstrapServers,
      partitions,
      load,
      seed,
      signal: AbortSignal.any([signal, this.#aborting.signal]),
    });
    this.#drivers.set(role, driver);
  }

  /** Returns what the slower side reached at the end, in records per second. */
  async #warmUp(): Promise<number> {
    const { warmupMs, warmupSliceMs } = this.#plan;
    const order = drawOrder(this.#random);
    const reached = { base: 0, candidate: 0 };
    for (let slice = 0; slice < Math.round(warmupMs / warmupSliceMs); slice++) {
      for (const role of order) {
        const { records, wallNs } = await this.#segment(role, (driver) => driver.closed(warmupSliceMs));
        reached[role] = records / (wallNs / 1e9);
      }
    }
    return Math.min(reached.base, reached.candidate);
  }

  async #segments(
    quads: number,
    run: (driver: DriverProcess) => Promise<DriverSegment>,
  ): Promise<(readonly [Role, DriverSegment])[]> {
    const segments: (readonly [Role, DriverSegment])[] = [];
    for (const role of drawQuads(this.#random, quads)) {
      segments.push([role, await this.#segment(role, run)]);
    }
    return segments;
  }

  async #segment(role: Role, run: (driver: DriverProcess) => Promise<DriverSegment>): Promise<DriverSegment> {
    this.#options.signal.throwIfAborted();
    const driver = this.#drivers.get(role)!;
    const segment = await run(driver);
    if (segment.records > 0 && segment.wallNs > 0) return segment;
    throw this.#failure(role, `acknowledged ${segment.records} records in a segment of ${segment.wallNs} ns`);
  }

  async #verifySide(role: Role): Promise<number> {
    const { target, partitions } = this.#options;
    const { acknowledged } = await this.#drivers.get(role)!.finish();
    const found = await target.recordsIn(this.#topics[role], partitions, acknowledged);
    if (found === acknowledged) return found;
    throw this.#failure(
      role,
      `says that ${acknowledged} records were acknowledged, but its topic holds ${found}`,
    );
  }

  #failure(role: Role, what: string): CliError {
    const log = this.#drivers.get(role)?.output().trim() ?? '';
    const shown = log === '' ? '' : `\nIts output:\n${log.replace(/^/gm, '  | ')}`;
    return new CliError(`${role} (${this.#sides[role].label}): the driver ${what}${shown}`, EXIT.failed);
  }
}
