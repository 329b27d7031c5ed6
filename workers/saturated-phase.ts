import type { Clock } from '../core/base/clock.ts';
import type { Producer } from '../core/producer/producer.ts';
import type { DeliveryTracker } from './delivery-tracker.ts';
import type { GeneratorCommand, GeneratorEvent, SaturatedReport } from './generator-protocol.ts';
import { PhaseRecorder } from './phase-recorder.ts';
import type { RecordSender } from './record-sender.ts';

/** Records sent before I/O gets its turn; the clock is read once for all of them. */
const BURST_RECORDS = 256;
const SENT_RING = 1 << 20;

export interface PhaseContext {
  readonly clock: Clock;
  readonly producer: Producer;
  readonly tracker: DeliveryTracker;
  readonly sender: RecordSender;
  readonly post: (event: GeneratorEvent) => void;
  /** buffer.memory that must be free before a send(), so that it never blocks. */
  readonly reserveBytes: number;
  /** Record bytes under way at saturation: enough to fill every batch, well below buffer.memory. */
  readonly windowBytes: number;
}

/**
 * Closed loop: as many records as the producer settles, with a bounded number of bytes under way so that
 * buffer.memory never blocks a send(). What is acknowledged inside the window, divided by the window, is the
 * throughput. Service time runs from send() (read once per burst of 256 records) to the acknowledgement.
 */
export async function runSaturatedPhase(
  context: PhaseContext,
  command: Extract<GeneratorCommand, { type: 'saturate' }>,
): Promise<SaturatedReport> {
  const { clock, tracker } = context;
  const windowStartNs = command.startNs + command.warmupMs * 1e6;
  const windowEndNs = windowStartNs + command.windowMs * 1e6;
  const recorder = new PhaseRecorder({ ...context, windowStartNs, windowEndNs });
  const window = new ThroughputWindow(recorder, windowStartNs, windowEndNs);
  const wire = new WireMeter(context, windowStartNs, windowEndNs);
  const pump = new ClosedLoop(context, recorder, window);
  tracker.listen(window);
  await pump.run(command.startNs, windowEndNs, tracker.sentBytes + command.maxRecordBytes);
  const endedNs = clock.nowNs();
  await tracker.idle();
  tracker.listen(null);
  const cutShort = endedNs < windowEndNs;
  return {
    ...recorder.finish(),
    windowRecords: window.records,
    windowRecordBytes: window.recordBytes,
    windowNs: Math.max(1, Math.min(endedNs, windowEndNs) - windowStartNs),
    windowWireBytes: wire.bytesInWindow(),
    cutShort,
    firstError: tracker.firstError,
  };
}

/** Counts what settles inside the window, and records its service time. */
class ThroughputWindow {
  records = 0;
  recordBytes = 0;
  wake: (() => void) | null = null;
  readonly sentNs = new Float64Array(SENT_RING);
  private readonly recorder: PhaseRecorder;
  private readonly startNs: number;
  private readonly endNs: number;

  constructor(recorder: PhaseRecorder, startNs: number, endNs: number) {
    this.recorder = recorder;
    this.startNs = startNs;
    this.endNs = endNs;
  }

  onAcknowledged(sequence: number, settledNs: number, recordBytes: number): void {
    if (settledNs < this.startNs || settledNs >= this.endNs) return;
    this.records++;
    this.recordBytes += recordBytes;
    this.recorder.latency.record(settledNs - this.sentNs[sequence & (SENT_RING - 1)]!);
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

/** Sends bursts while there is room, gives I/O its turn between them, and sleeps while there is none. */
class ClosedLoop {
  private readonly context: PhaseContext;
  private readonly recorder: PhaseRecorder;
  private readonly window: ThroughputWindow;

  constructor(context: PhaseContext, recorder: PhaseRecorder, window: ThroughputWindow) {
    this.context = context;
    this.recorder = recorder;
    this.window = window;
  }

  run(startNs: number, endNs: number, maxSentBytes: number): Promise<void> {
    const { clock, tracker } = this.context;
    return new Promise((resolve, reject) => {
      let scheduled = false;
      const step = (): void => {
        scheduled = false;
        try {
          const nowNs = clock.nowNs();
          if (nowNs >= endNs || tracker.sentBytes >= maxSentBytes) {
            this.window.wake = null;
            clock.clearTimer(endTimer);
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
      this.window.wake = schedule;
      const endTimer = clock.setTimer(schedule, (endNs - clock.nowNs()) / 1e6 + 1);
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
    if (records > 0) this.recorder.burst(records);
    return records;
  }
}

/** Request bytes written between the edges of the window, scaled to it: timers miss the edges by about 1 ms. */
class WireMeter {
  private first: { ns: number; bytes: number } | null = null;
  private last: { ns: number; bytes: number } | null = null;
  private readonly windowNs: number;

  constructor(context: PhaseContext, startNs: number, endNs: number) {
    const { clock, producer } = context;
    const nowNs = clock.nowNs();
    this.windowNs = endNs - startNs;
    const read = (): { ns: number; bytes: number } => ({
      ns: clock.nowNs(),
      bytes: producer.stats().requestBytes,
    });
    clock.setTimer(
      () => {
        this.first = read();
      },
      (startNs - nowNs) / 1e6,
    );
    clock.setTimer(
      () => {
        this.last = read();
      },
      (endNs - nowNs) / 1e6,
    );
  }

  bytesInWindow(): number {
    if (this.first === null || this.last === null || this.last.ns <= this.first.ns) return 0;
    return ((this.last.bytes - this.first.bytes) * this.windowNs) / (this.last.ns - this.first.ns);
  }
}
