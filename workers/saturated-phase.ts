import type { Clock, Timer } from '../core/base/clock.ts';
import type { Producer } from '../core/producer/producer.ts';
import type { DeliveryTracker } from './delivery-tracker.ts';
import type { GeneratorCommand, GeneratorEvent, SaturatedReport } from './generator-protocol.ts';
import { PhaseRecorder } from './phase-recorder.ts';
import type { RecordSender } from './record-sender.ts';

/** Records sent before I/O gets its turn; the clock is read once for all of them. */
const BURST_RECORDS = 256;
const SENT_RING = 1 << 20;
/** The warm-up waits at most this much longer for records to flow. */
const FLOW_MAX_MS = 3000;
const TICK_MS = 5;

export interface PhaseContext {
  readonly clock: Clock;
  readonly producer: Producer;
  readonly tracker: DeliveryTracker;
  readonly sender: RecordSender;
  readonly post: (event: GeneratorEvent) => void;
  readonly partitions: number;
  /** Records that wait to be sent, by partition. */
  readonly queuedRecords: () => readonly number[];
  /** buffer.memory that must be free before a send(), so that it never blocks. */
  readonly reserveBytes: number;
  /** Record bytes under way at saturation: enough to fill every batch, well below buffer.memory. */
  readonly windowBytes: number;
}

/**
 * Closed loop: as many records as the producer settles, with a bounded number of bytes under way so that
 * buffer.memory never blocks a send(). What is acknowledged inside the window, divided by the window, is the
 * throughput. Service time runs from send() (read once per burst of 256 records) to the acknowledgement.
 *
 * The warm-up lasts as long as it was told to, and on until as much has been acknowledged as may be under way: a
 * socket's first bursts can stall for some hundred milliseconds, which is no throughput of any setting.
 */
export async function runSaturatedPhase(
  context: PhaseContext,
  command: Extract<GeneratorCommand, { type: 'saturate' }>,
): Promise<SaturatedReport> {
  const { clock, tracker, sender, windowBytes } = context;
  const window = new ThroughputWindow();
  const pump = new ClosedLoop(context, window);
  const maxSentBytes = tracker.sentBytes + command.maxRecordBytes;
  const warmEndNs = command.startNs + command.warmupMs * 1e6;
  const flowing = tracker.acknowledgedBytes + (Number.isFinite(sender.maxOutstanding) ? 1 : windowBytes);
  tracker.listen(window);
  await pump.run({
    startNs: command.startNs,
    endNs: warmEndNs + FLOW_MAX_MS * 1e6,
    isOver: (nowNs) => nowNs >= warmEndNs && tracker.acknowledgedBytes >= flowing,
    maxSentBytes,
  });
  const windowStartNs = clock.nowNs();
  const windowEndNs = windowStartNs + command.windowMs * 1e6;
  const recorder = new PhaseRecorder({ ...context, windowStartNs, windowEndNs });
  const wireStart = readWire(context);
  window.open(recorder, windowStartNs, windowEndNs);
  await pump.run({ startNs: windowStartNs, endNs: windowEndNs, isOver: () => false, maxSentBytes });
  const endedNs = clock.nowNs();
  const wireEnd = readWire(context);
  await tracker.idle();
  tracker.listen(null);
  const windowNs = Math.max(1, Math.min(endedNs, windowEndNs) - windowStartNs);
  return {
    ...recorder.finish(),
    windowRecords: window.records,
    windowRecordBytes: window.recordBytes,
    windowNs,
    // The loop notices the end of the window some milliseconds late.
    windowWireBytes: ((wireEnd.bytes - wireStart.bytes) * windowNs) / Math.max(1, wireEnd.ns - wireStart.ns),
    cutShort: endedNs < windowEndNs,
    firstError: tracker.firstError,
  };
}

/** Request bytes written so far. */
function readWire({ clock, producer }: PhaseContext): { ns: number; bytes: number } {
  return { ns: clock.nowNs(), bytes: producer.stats().requestBytes };
}

/** Counts what settles inside the window, once it is open, and records its service time. */
class ThroughputWindow {
  records = 0;
  recordBytes = 0;
  recorder: PhaseRecorder | null = null;
  wake: (() => void) | null = null;
  readonly sentNs = new Float64Array(SENT_RING);
  private startNs = Number.POSITIVE_INFINITY;
  private endNs = Number.POSITIVE_INFINITY;

  open(recorder: PhaseRecorder, startNs: number, endNs: number): void {
    this.recorder = recorder;
    this.startNs = startNs;
    this.endNs = endNs;
  }

  onAcknowledged(sequence: number, settledNs: number, recordBytes: number): void {
    if (settledNs < this.startNs || settledNs >= this.endNs) return;
    this.records++;
    this.recordBytes += recordBytes;
    this.recorder!.latency.record(settledNs - this.sentNs[sequence & (SENT_RING - 1)]!);
  }

  onForgotten(records: number, recordBytes: number, settledNs: number): void {
    if (settledNs < this.startNs || settledNs >= this.endNs) return;
    this.records += records;
    this.recordBytes += recordBytes;
  }

  onBatch(): void {
    this.wake?.();
  }
}

interface LoopLimits {
  readonly startNs: number;
  readonly endNs: number;
  /** Ends the loop before endNs. */
  readonly isOver: (nowNs: number) => boolean;
  readonly maxSentBytes: number;
}

/** Sends bursts while there is room, gives I/O its turn between them, and sleeps while there is none. */
class ClosedLoop {
  private readonly context: PhaseContext;
  private readonly window: ThroughputWindow;

  constructor(context: PhaseContext, window: ThroughputWindow) {
    this.context = context;
    this.window = window;
  }

  run({ startNs, endNs, isOver, maxSentBytes }: LoopLimits): Promise<void> {
    const { clock, tracker } = this.context;
    return new Promise((resolve, reject) => {
      let scheduled = false;
      let timer: Timer;
      const step = (): void => {
        scheduled = false;
        try {
          const nowNs = clock.nowNs();
          if (nowNs >= endNs || tracker.sentBytes >= maxSentBytes || isOver(nowNs)) {
            this.window.wake = null;
            clock.clearTimer(timer);
            resolve();
          } else if (nowNs < startNs || this.sendBurst(nowNs) === BURST_RECORDS) {
            schedule();
          }
        } catch (error) {
          reject(error);
        }
      };
      const schedule = (): void => {
        if (scheduled) return;
        scheduled = true;
        clock.defer(step);
      };
      // With all the room taken and nothing acknowledged, nobody else would look at the time.
      const tick = (): void => {
        timer = clock.setTimer(tick, TICK_MS);
        schedule();
      };
      this.window.wake = schedule;
      timer = clock.setTimer(tick, TICK_MS);
      schedule();
    });
  }

  private sendBurst(nowNs: number): number {
    const { producer, sender, tracker, reserveBytes, windowBytes } = this.context;
    const { sentNs } = this.window;
    let records = 0;
    while (
      records < BURST_RECORDS &&
      tracker.outstandingBytes < windowBytes &&
      tracker.outstanding < sender.maxOutstanding &&
      tracker.outstanding < SENT_RING &&
      producer.bufferAvailableBytes >= reserveBytes
    ) {
      sentNs[tracker.sent & (SENT_RING - 1)] = nowNs;
      sender.sendNext();
      records++;
    }
    if (records > 0) this.window.recorder?.burst(records);
    return records;
  }
}
