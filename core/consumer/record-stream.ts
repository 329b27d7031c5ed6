import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Cluster } from '../client/cluster.ts';
import { listOffsets } from '../client/list-offsets.ts';
import type { ConsumerConfig } from './config.ts';
import type { ConsumerRecord, TopicPartition } from './consumer-record.ts';
import { FetchPosition } from './fetch-position.ts';
import { FetchedRecords } from './fetched-records.ts';
import { Fetcher, type FetchSink } from './fetcher.ts';
import type { RecordDecoder } from './record-decoder.ts';

const UNKNOWN_OFFSET = -1;
const NS_PER_MS = 1e6;

/** A partition as the application sees it: the fetcher's position runs ahead of what was given out. */
interface Assigned {
  readonly position: FetchPosition;
  /** Offset of the next record to give out; UNKNOWN_OFFSET until auto.offset.reset has found one. */
  nextOffset: number;
  /** From the moment the position moves over records until they are given out or sought away from. */
  holdsRecords: boolean;
}

/** Between the fetcher, which brings whole responses, and poll(), which takes records a few at a time. */
export class RecordStream implements FetchSink {
  readonly #config: ConsumerConfig;
  readonly #clock: Clock;
  readonly #decoder: RecordDecoder | null;
  readonly #assigned = new Map<string, Assigned>();
  /** What was fetched and not yet given out: one element per partition at most. */
  #fetched: FetchedRecords[] = [];
  #errors: TidemarkError[] = [];
  #isResetting = false;
  #cluster: Cluster | null = null;
  #fetcher: Fetcher | null = null;
  #wake: (() => void) | null = null;
  #isClosed = false;

  constructor(config: ConsumerConfig, clock: Clock, decoder: RecordDecoder | null) {
    this.#config = config;
    this.#clock = clock;
    this.#decoder = decoder;
  }

  start(cluster: Cluster): void {
    if (this.#fetcher !== null || this.#isClosed) return;
    this.#cluster = cluster;
    this.#fetcher = new Fetcher({ cluster, settings: this.#config.fetch, keepsBuffers: true, sink: this });
    this.#hand();
  }

  get assignment(): TopicPartition[] {
    return [...this.#assigned.values()].map(({ position: { topic, partition } }) => ({ topic, partition }));
  }

  assign(partitions: readonly TopicPartition[]): void {
    const before = new Map(this.#assigned);
    this.#assigned.clear();
    for (const { topic, partition } of partitions) {
      const key = nameOf(topic, partition);
      this.#assigned.set(key, before.get(key) ?? newlyAssigned(topic, partition));
    }
    this.#fetched = this.#fetched.filter(({ position }) => this.#of(position) !== undefined);
    this.#hand();
  }

  seek(topic: string, partition: number, offset: number): void {
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new TidemarkError('CONFIG', `${nameOf(topic, partition)}: ${offset} is no offset`);
    }
    const assigned = this.#mustHave(topic, partition);
    assigned.nextOffset = offset;
    this.#refetchFrom(assigned);
  }

  position(topic: string, partition: number): number | null {
    const { nextOffset } = this.#mustHave(topic, partition);
    return nextOffset === UNKNOWN_OFFSET ? null : nextOffset;
  }

  /** Records as they are there, else the first that come until the clock says `endNs`. */
  async take(endNs: number): Promise<ConsumerRecord<unknown, unknown>[]> {
    if (this.#assigned.size === 0) throw new TidemarkError('ILLEGAL_STATE', 'poll() without an assignment');
    for (;;) {
      const records = this.#drain();
      if (!this.#isClosed) this.#goOn();
      if (records.length > 0 || this.#isClosed) return records;
      const error = this.#errors.shift();
      if (error !== undefined) throw error;
      if (this.#clock.nowNs() >= endNs) return [];
      await this.#untilWoken(endNs);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#fetcher?.close();
    this.#fetched = [];
    this.#wake?.();
  }

  onAdvance(position: FetchPosition): void {
    position.isWanted = false;
    const assigned = this.#of(position);
    if (assigned !== undefined) assigned.holdsRecords = true;
  }

  onRecords(position: FetchPosition, records: Buffer): void {
    const assigned = this.#of(position);
    if (assigned === undefined || !assigned.holdsRecords) return;
    this.#fetched.push(new FetchedRecords(position, records, assigned.nextOffset, this.#config.checkCrcs));
    this.#wake?.();
  }

  onError(error: TidemarkError, position: FetchPosition | null): void {
    const assigned = position === null ? undefined : this.#of(position);
    if (
      assigned !== undefined &&
      error.kind === 'OFFSET_OUT_OF_RANGE' &&
      this.#config.offsetReset !== 'none'
    ) {
      assigned.nextOffset = UNKNOWN_OFFSET;
      assigned.position.isWanted = false;
      this.#goOn();
      return;
    }
    // Not asked for again before the application has seen the error.
    if (assigned !== undefined) assigned.position.isWanted = false;
    this.#errors.push(error);
    this.#wake?.();
  }

  /** Brokers come back: nothing for the application to know. */
  onRetry(): void {}

  #drain(): ConsumerRecord<unknown, unknown>[] {
    const records: ConsumerRecord<unknown, unknown>[] = [];
    while (records.length < this.#config.maxPollRecords) {
      const head = this.#fetched[0];
      if (head === undefined) break;
      const assigned = this.#of(head.position)!;
      try {
        const record = head.next();
        // Before the position moves on: a record that cannot be decoded is stayed at.
        const decoded = record === null || this.#decoder === null ? record : this.#decoder(record);
        assigned.nextOffset = head.nextOffset;
        if (decoded !== null) {
          records.push(decoded);
          continue;
        }
        this.#fetched.shift();
        assigned.holdsRecords = false;
      } catch (error) {
        this.#fetched.shift();
        assigned.holdsRecords = false;
        assigned.position.offset = assigned.nextOffset;
        this.#errors.push(error as TidemarkError);
      }
    }
    return records;
  }

  /** Fetches on for every partition that has a place and nothing waiting, and finds a place for those without. */
  #goOn(): void {
    if (this.#errors.length === 0) {
      for (const assigned of this.#assigned.values()) {
        assigned.position.isWanted = assigned.nextOffset !== UNKNOWN_OFFSET && !assigned.holdsRecords;
      }
    }
    void this.#reset();
    this.#fetcher?.pump();
  }

  async #reset(): Promise<void> {
    const cluster = this.#cluster;
    const lost = [...this.#assigned.values()].filter(({ nextOffset }) => nextOffset === UNKNOWN_OFFSET);
    if (lost.length === 0 || cluster === null || this.#isResetting || this.#errors.length > 0) return;
    this.#isResetting = true;
    try {
      const at = this.#config.offsetReset;
      if (at === 'none') throw noOffset(lost[0]!);
      for (const [topic, theirs] of Map.groupBy(lost, ({ position }) => position.topic)) {
        const asked = theirs.map(({ position }) => position.partition);
        const found = await listOffsets(cluster, topic, asked, at);
        for (const assigned of theirs) {
          // A seek may have been quicker.
          if (assigned.nextOffset !== UNKNOWN_OFFSET) continue;
          assigned.nextOffset = found.get(assigned.position.partition)!.offset;
          this.#refetchFrom(assigned);
        }
      }
    } catch (error) {
      if (!this.#isClosed) this.#errors.push(error as TidemarkError);
    } finally {
      this.#isResetting = false;
      this.#wake?.();
    }
  }

  /** Drops what was fetched from elsewhere, and what is on its way: the fetcher knows it by the offset. */
  #refetchFrom(assigned: Assigned): void {
    const { position } = assigned;
    this.#fetched = this.#fetched.filter((fetched) => fetched.position !== position);
    assigned.holdsRecords = false;
    position.offset = assigned.nextOffset;
    position.isWanted = true;
    this.#fetcher?.pump();
  }

  #hand(): void {
    this.#fetcher?.setPositions([...this.#assigned.values()].map(({ position }) => position));
  }

  #of(position: FetchPosition): Assigned | undefined {
    const assigned = this.#assigned.get(position.name);
    return assigned?.position === position ? assigned : undefined;
  }

  #mustHave(topic: string, partition: number): Assigned {
    const assigned = this.#assigned.get(nameOf(topic, partition));
    if (assigned !== undefined) return assigned;
    throw new TidemarkError('ILLEGAL_STATE', `${nameOf(topic, partition)} is not assigned`);
  }

  #untilWoken(endNs: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: Timer | null = null;
      const wake = () => {
        if (timer !== null) this.#clock.clearTimer(timer);
        timer = null;
        this.#wake = null;
        resolve();
      };
      this.#wake = wake;
      timer = this.#clock.setTimer(wake, Math.max(1, Math.ceil((endNs - this.#clock.nowNs()) / NS_PER_MS)));
    });
  }
}

function newlyAssigned(topic: string, partition: number): Assigned {
  const position = new FetchPosition(topic, partition, UNKNOWN_OFFSET);
  position.isWanted = false;
  return { position, nextOffset: UNKNOWN_OFFSET, holdsRecords: false };
}

function nameOf(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

function noOffset({ position }: Assigned): TidemarkError {
  return new TidemarkError(
    'OFFSET_OUT_OF_RANGE',
    `${position.name} has no offset to begin at and auto.offset.reset is none: seek() first`,
  );
}
