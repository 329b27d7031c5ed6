import type { Clock } from '../../core/base/clock.ts';
import { LatencyHistogram } from '../../reports/measure/latency-histogram.ts';
import { SlotSchedule } from '../../workers/slot-schedule.ts';
import type { DriverLoad, DriverSegment } from './driver-protocol.ts';
import type { LoadTarget, SettleHandlers } from './load-target.ts';

/** Due records sent before I/O gets its turn, when the loop has fallen behind. */
const BURST_RECORDS = 1024;

export interface LoadOptions {
  readonly clock: Clock;
  readonly load: Pick<DriverLoad, 'recordsPerSend' | 'inFlight'>;
  /** User and system time of the process so far, in nanoseconds. */
  readonly cpuNs: () => number;
  readonly connect: (handlers: SettleHandlers) => Promise<LoadTarget>;
}

/** What a segment counts while it runs. */
interface OpenSegment {
  readonly onSettled: (first: number, count: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The load loop of a driver's process, the same for every client: only the target differs. Between segments nothing is
 * under way. A segment's wall time and CPU time run from before its first send to its last acknowledgement, and all
 * its records are in them: the drain at the end is the same work on both sides, and none of it is left for the next.
 */
export class DriverLoop {
  private acknowledged = 0;
  private sent = 0;
  private segment: OpenSegment | null = null;
  private failure: { readonly error: unknown } | null = null;
  private readonly latency = new LatencyHistogram();
  private readonly options: LoadOptions;
  private target: LoadTarget | null = null;

  private constructor(options: LoadOptions) {
    this.options = options;
  }

  static async connect(options: LoadOptions): Promise<DriverLoop> {
    const loop = new DriverLoop(options);
    loop.target = await options.connect({
      onAcknowledged: (first, count) => loop.settle(first, count),
      onFailed: (error) => loop.fail(error),
    });
    return loop;
  }

  /** Every record of this process, those of its start included. */
  get acknowledgedInAll(): number {
    return this.target!.touched + this.acknowledged;
  }

  close(): Promise<unknown> {
    return this.target!.close();
  }

  /** As many records as load.inFlight allows under way, for that long, and until all of them are acknowledged. */
  closed(durationMs: number): Promise<DriverSegment> {
    const { clock, load } = this.options;
    const perSend = Math.min(load.recordsPerSend, load.inFlight);
    return this.measure((startNs, begin, end) => {
      const endNs = startNs + durationMs * 1e6;
      let isScheduled = false;
      let isOver = false;
      let hasEnded = false;
      const finish = (): void => {
        hasEnded = true;
        end();
      };
      const fill = (): void => {
        isScheduled = false;
        if (hasEnded) return;
        // The clock is read once for all that there is room for.
        if (clock.nowNs() < endNs) {
          for (let room = load.inFlight - this.outstanding; room >= perSend; room -= perSend)
            this.send(perSend);
        } else if (!isOver) {
          isOver = true;
          // The last batch would wait out its linger.ms: time that is no work of either side.
          this.target!.flush?.();
        }
        if (this.outstanding === 0) finish();
      };
      const wake = (): void => {
        if (isScheduled) return;
        isScheduled = true;
        // What one turn of I/O acknowledged makes room together.
        clock.defer(fill);
      };
      begin(() => (this.outstanding === 0 && clock.nowNs() >= endNs ? finish() : wake()));
      fill();
    });
  }

  /** Record k is due at start + k / rate; latency runs from there. A send carries what is due by then. */
  async open(durationMs: number, recordsPerSecond: number): Promise<DriverSegment> {
    const { clock, load } = this.options;
    const { latency } = this;
    latency.reset();
    const first = this.sent;
    const segment = await this.measure((startNs, begin, end) => {
      const schedule = new SlotSchedule({ startNs, recordsPerSecond, generator: 0, generators: 1 });
      const slots = Math.max(1, schedule.slotsBefore(startNs + durationMs * 1e6));
      let slot = 0;
      begin((settledFirst, count) => {
        const nowNs = clock.nowNs();
        for (let index = 0; index < count; index++) {
          latency.record(nowNs - schedule.slotNs(settledFirst - first + index));
        }
        if (slot === slots && this.outstanding === 0) end();
      });
      const step = (): void => {
        const nowNs = clock.nowNs();
        const due = Math.min(schedule.slotsBefore(nowNs + 1), slots, slot + BURST_RECORDS);
        while (slot < due) {
          const count = Math.min(due - slot, load.recordsPerSend);
          slot += count;
          this.send(count);
        }
        if (slot === slots) return;
        const waitMs = (schedule.slotNs(slot) - nowNs) / 1e6;
        // Far behind, I/O gets its turn between two bursts.
        if (waitMs <= 0) clock.defer(step);
        else clock.setTimer(step, waitMs);
      };
      step();
    });
    const quantile = (share: number): number => latency.quantileNs(share)!;
    return { ...segment, latencyNs: { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) } };
  }

  private get outstanding(): number {
    return this.sent - this.acknowledged;
  }

  private send(count: number): void {
    if (this.failure !== null) return;
    const first = this.sent;
    this.sent += count;
    try {
      this.target!.send(first, count);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Runs one segment: `run` is given its start, how to begin listening, and how to end. */
  private measure(
    run: (startNs: number, begin: (onSettled: OpenSegment['onSettled']) => void, end: () => void) => void,
  ): Promise<DriverSegment> {
    const { clock, cpuNs } = this.options;
    return new Promise((resolve, reject) => {
      if (this.failure !== null) throw this.failure.error;
      const first = this.sent;
      const startCpuNs = cpuNs();
      const startNs = clock.nowNs();
      let own: OpenSegment | null = null;
      const begin = (onSettled: OpenSegment['onSettled']): void => {
        own = { onSettled, reject };
        this.segment = own;
      };
      const end = (): void => {
        // What this segment deferred may run in the next one.
        if (this.segment === null || this.segment !== own) return;
        this.segment = null;
        const wallNs = clock.nowNs() - startNs;
        const records = this.acknowledged - first;
        resolve({ type: 'segment', records, wallNs, cpuNs: cpuNs() - startCpuNs });
      };
      run(startNs, begin, end);
    });
  }

  private settle(first: number, count: number): void {
    this.acknowledged += count;
    this.segment?.onSettled(first, count);
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.segment?.reject(error);
    this.segment = null;
  }
}
