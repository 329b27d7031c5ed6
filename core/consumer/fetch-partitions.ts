import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import { BatchView } from '../record/batch-view.ts';
import { RecordCursor } from '../record/record-cursor.ts';
import { FetchPosition, type FetchSettings } from './fetch-position.ts';
import { visitBatches } from './fetched-batches.ts';
import { type FetchCluster, Fetcher, type FetchSink } from './fetcher.ts';

/** Offsets startOffset to endOffset, the latter exclusive. */
export interface OffsetRange {
  readonly partition: number;
  readonly startOffset: number;
  readonly endOffset: number;
}

/**
 * Takes one batch: the cursor stands before its first record, `batch` is its header. Both, and every view they
 * give, are valid only during the call. Whole batches come, so the first and the last of a range may hold
 * records outside it. What it throws ends the reading.
 */
export type BatchVisitor = (partition: number, cursor: RecordCursor, batch: BatchView) => void;

export interface FetchPartitionsOptions {
  readonly cluster: FetchCluster;
  readonly topic: string;
  readonly ranges: readonly OffsetRange[];
  readonly onBatch: BatchVisitor;
  readonly settings?: Partial<FetchSettings>;
  /** True unless told otherwise. */
  readonly checkCrcs?: boolean;
  /** Gives up with TIMEOUT when nothing arrives for this long: 30,000 unless set. */
  readonly stallTimeoutMs?: number;
}

export interface FetchTotals {
  readonly batches: number;
  /** Records of the batches visited, by their headers. */
  readonly records: number;
  /** Bytes of the records fields fetched. */
  readonly bytes: number;
}

/** Responses stay small enough for the processor's caches and for the connection's reused frame buffer. */
const DEFAULT_SETTINGS: FetchSettings = {
  minBytes: 1,
  maxBytes: 2 * 1024 * 1024,
  maxWaitMs: 500,
  partitionMaxBytes: 1024 * 1024,
  retryBackoffMs: 100,
};
const DEFAULT_STALL_TIMEOUT_MS = 30_000;
const NS_PER_MS = 1e6;

/**
 * Reads offset ranges of a topic's partitions, batch by batch and without an object per record; ends when all are
 * read. Rejects with what the visitor threw, CORRUPT_MESSAGE for a batch that fails its CRC, TIMEOUT when the log
 * ends before a range does or nothing comes, UNKNOWN_TOPIC_OR_PARTITION, OFFSET_OUT_OF_RANGE, or whatever else a
 * broker answers that retrying does not help.
 */
export async function fetchPartitions(options: FetchPartitionsOptions): Promise<FetchTotals> {
  checkRanges(options);
  const wanted = options.ranges.filter((range) => range.startOffset < range.endOffset);
  if (wanted.length === 0) return { batches: 0, records: 0, bytes: 0 };
  const topic = await options.cluster.metadataFor(options.topic, { allowAutoCreation: false });
  for (const { partition } of wanted) {
    if (topic.partitions[partition] === undefined) {
      throw new TidemarkError(
        'UNKNOWN_TOPIC_OR_PARTITION',
        `${options.topic} has partitions 0 to ${topic.partitions.length - 1}, no ${partition}`,
        { retriable: false },
      );
    }
  }
  return new RangeReading(options, wanted).run();
}

function checkRanges({ topic, ranges }: FetchPartitionsOptions): void {
  const seen = new Set<number>();
  for (const { partition, startOffset, endOffset } of ranges) {
    if (startOffset < 0 || endOffset < startOffset || seen.has(partition)) {
      throw new TidemarkError(
        'CONFIG',
        `${topic}-${partition}: offsets ${startOffset} to ${endOffset} are no range, or the partition is named twice`,
      );
    }
    seen.add(partition);
  }
}

interface Settle {
  resolve(totals: FetchTotals): void;
  reject(error: unknown): void;
}

class RangeReading implements FetchSink {
  readonly #options: FetchPartitionsOptions;
  readonly #clock: Clock;
  readonly #fetcher: Fetcher;
  readonly #ends = new Map<FetchPosition, number>();
  readonly #cursor = new RecordCursor();
  readonly #view = new BatchView();
  readonly #totals = { batches: 0, records: 0, bytes: 0 };
  /** Fetched, but not yet visited. */
  #pendingVisits = 0;
  #lastProgressNs: number;
  #lastRetry: TidemarkError | null = null;
  #timer: Timer | null = null;
  #settle: Settle | null = null;

  constructor(options: FetchPartitionsOptions, ranges: readonly OffsetRange[]) {
    this.#options = options;
    this.#clock = options.cluster.clock;
    this.#lastProgressNs = this.#clock.nowNs();
    this.#fetcher = new Fetcher({
      cluster: options.cluster,
      settings: { ...DEFAULT_SETTINGS, ...options.settings },
      keepsBuffers: false,
      sink: this,
    });
    for (const { partition, startOffset, endOffset } of ranges) {
      this.#ends.set(new FetchPosition(options.topic, partition, startOffset), endOffset);
    }
    this.#fetcher.setPositions([...this.#ends.keys()]);
  }

  run(): Promise<FetchTotals> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#watchForStall();
      this.#fetcher.pump();
    });
  }

  onAdvance(position: FetchPosition): void {
    position.isWanted = position.offset < this.#ends.get(position)!;
    this.#lastProgressNs = this.#clock.nowNs();
    this.#pendingVisits++;
  }

  onRecords(position: FetchPosition, records: Buffer): void {
    this.#pendingVisits--;
    this.#totals.bytes += records.length;
    try {
      const options = { view: this.#view, checkCrcs: this.#options.checkCrcs ?? true };
      visitBatches(position.name, records, options, (batch) => {
        this.#totals.batches++;
        this.#totals.records += batch.count;
        this.#cursor.reset(batch);
        this.#options.onBatch(position.partition, this.#cursor, batch);
      });
    } catch (error) {
      this.#end((settle) => settle.reject(error));
      return;
    }
    if (this.#pendingVisits > 0) return;
    for (const candidate of this.#ends.keys()) if (candidate.isWanted) return;
    this.#end((settle) => settle.resolve(this.#totals));
  }

  onError(error: TidemarkError): void {
    this.#end((settle) => settle.reject(error));
  }

  onRetry(error: TidemarkError): void {
    this.#lastRetry = error;
  }

  #end(how: (settle: Settle) => void): void {
    const settle = this.#settle;
    if (settle === null) return;
    this.#settle = null;
    this.#fetcher.close();
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    how(settle);
  }

  #watchForStall(): void {
    const timeoutMs = this.#options.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS;
    const leftMs = timeoutMs - (this.#clock.nowNs() - this.#lastProgressNs) / NS_PER_MS;
    if (leftMs <= 0) {
      this.#end((settle) => settle.reject(this.#stalled(timeoutMs)));
      return;
    }
    this.#timer = this.#clock.setTimer(() => this.#watchForStall(), Math.ceil(leftMs));
  }

  #stalled(timeoutMs: number): TidemarkError {
    const missing = [...this.#ends]
      .filter(([position]) => position.isWanted)
      .map(
        ([{ name, offset, highWatermark }, end]) =>
          `${name} at ${offset} of ${end} (log end ${highWatermark})`,
      );
    const why = this.#lastRetry === null ? '' : `; last error: ${this.#lastRetry.message}`;
    return new TidemarkError('TIMEOUT', `nothing read for ${timeoutMs} ms: ${missing.join(', ')}${why}`, {
      retriable: true,
    });
  }
}
