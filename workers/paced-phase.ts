import { LatencyHistogram } from '../reports/measure/latency-histogram.ts';
import { PartitionLatencies } from '../reports/measure/partition-latencies.ts';
import type { GeneratorCommand, PacedReport } from './generator-protocol.ts';
import { PhaseRecorder } from './phase-recorder.ts';
import { QueueSamples, queueSamplePeriodMs } from './queue-samples.ts';
import type { PhaseContext } from './saturated-phase.ts';
import { SlotSchedule } from './slot-schedule.ts';

/** Due records sent before I/O gets its turn, when the generator has fallen behind and nothing else bounds a burst. */
const MOST_BURST_RECORDS = 1024;
/** How long after the last slot the last records may settle, beside linger.ms, before the level counts as overloaded. */
const MIN_GRACE_MS = 100;
const GRACE_SHARE = 0.1;

/**
 * Open loop: record k has the slot that the schedule gives it, whatever happened before. Node's timers are
 * coarse (about 1 ms), so the records of the slots passed meanwhile go out in one burst; what that delays them is
 * in their response time, which runs from the slot, and apart as the send delay. With bursts of N the records of N slots
 * go out together when the last of them is due, as from a throttle that sleeps so long; a generator that wakes late
 * makes up for it in several bursts of N, each with its turn of I/O. When the producer is full
 * the phase ends there: latency then covers the window's slots before, or those of the warm-up if it was full by then.
 *
 * Records go on for linger.ms after the window, unrecorded: otherwise the window's last batches would wait out a linger
 * that company would have ended.
 */
export async function runPacedPhase(
  context: PhaseContext,
  command: Extract<GeneratorCommand, { type: 'pace' }>,
  share: { readonly generator: number; readonly generators: number; readonly lingerMs: number },
): Promise<PacedReport> {
  const { clock, tracker } = context;
  const windowStartNs = command.startNs + command.warmupMs * 1e6;
  const windowEndNs = windowStartNs + command.windowMs * 1e6;
  const sendingEndNs = windowEndNs + share.lingerMs * 1e6;
  const schedule = new SlotSchedule({
    ...share,
    startNs: command.startNs,
    recordsPerSecond: command.recordsPerSecond,
  });
  const recorder = new PhaseRecorder({ ...context, windowStartNs, windowEndNs });
  const sendDelay = new LatencyHistogram();
  const window = new PacedWindow(context, windowStartNs, windowEndNs);
  const beforeWindow = new LatencyHistogram();
  const firstSequence = tracker.sent;
  const { burstRecords } = command;
  const sending: PacedSending = {
    ...{ schedule, windowStartNs, windowEndNs, sendingEndNs, burstRecords, recorder, sendDelay },
    wake: null,
  };
  tracker.listen({
    onAcknowledged(sequence, settledNs, _recordBytes, partition) {
      window.settled(1, settledNs);
      const slotNs = schedule.slotNs(sequence - firstSequence);
      if (slotNs >= windowEndNs) return;
      if (slotNs >= windowStartNs) {
        recorder.latency.record(settledNs - slotNs);
        window.byPartition?.record(partition, settledNs - slotNs);
      } else beforeWindow.record(settledNs - slotNs);
    },
    onForgotten: (records, _recordBytes, settledNs) => window.settled(records, settledNs),
    onBatch: () => sending.wake?.(),
  });
  const full = await sendOnSchedule(context, sending);
  if (full) window.end();
  await tracker.idle();
  tracker.listen(null);
  const graceMs = share.lingerMs + Math.max(MIN_GRACE_MS, GRACE_SHARE * command.windowMs);
  const late = clock.nowNs() > sendingEndNs + graceMs * 1e6;
  const delayBytes = sendDelay.toBytes();
  sendDelay.destroy();
  if (full && recorder.latency.count === 0) recorder.takeInstead(beforeWindow, command.startNs);
  beforeWindow.destroy();
  return {
    ...recorder.finish(),
    overloaded: full || late,
    sendDelay: delayBytes,
    ...window.finish(),
  };
}

/** Partitions whose latencies are kept apart: beyond, nobody would look at them one by one. */
const MOST_PARTITIONS_APART = 512;

/** What was acknowledged inside the window, where it went, and what waited meanwhile. */
class PacedWindow {
  readonly byPartition: PartitionLatencies | null;
  readonly #context: PhaseContext;
  readonly #queues: QueueSamples;
  readonly #startNs: number;
  #endNs: number;
  #records = 0;

  constructor(context: PhaseContext, startNs: number, endNs: number) {
    const { clock, partitions, queuedRecords } = context;
    this.#context = context;
    this.#startNs = startNs;
    this.#endNs = endNs;
    this.byPartition = partitions <= MOST_PARTITIONS_APART ? new PartitionLatencies(partitions) : null;
    const periodMs = queueSamplePeriodMs((endNs - startNs) / 1e6, partitions);
    this.#queues = new QueueSamples(clock, { startNs, endNs, periodMs }, queuedRecords);
  }

  settled(records: number, settledNs: number): void {
    if (settledNs >= this.#startNs && settledNs < this.#endNs) this.#records += records;
  }

  /** The window ends now, before its time. */
  end(): void {
    this.#endNs = Math.max(this.#startNs, Math.min(this.#endNs, this.#context.clock.nowNs()));
  }

  finish(): Pick<PacedReport, 'windowRecords' | 'windowNs' | 'partitionLatencies' | 'queues'> {
    return {
      windowRecords: this.#records,
      windowNs: this.#endNs - this.#startNs,
      partitionLatencies: this.byPartition?.counts ?? null,
      queues: this.#queues.finish(),
    };
  }
}

interface PacedSending {
  readonly schedule: SlotSchedule;
  readonly windowStartNs: number;
  readonly windowEndNs: number;
  /** linger.ms after the window. */
  readonly sendingEndNs: number;
  readonly burstRecords: number | null;
  readonly recorder: PhaseRecorder;
  readonly sendDelay: LatencyHistogram;
  /** Set while the loop waits for an acknowledgement before it may send on (`send: sync`). */
  wake: (() => void) | null;
}

/** Resolves with true when the producer had no room for a record in its slot. */
function sendOnSchedule(context: PhaseContext, sending: PacedSending): Promise<boolean> {
  const { clock, producer, sender, tracker, reserveBytes } = context;
  const { schedule, windowStartNs, windowEndNs, burstRecords, recorder, sendDelay } = sending;
  const slots = schedule.slotsBefore(sending.sendingEndNs);
  const mostRecords = burstRecords ?? MOST_BURST_RECORDS;
  let slot = 0;
  let full = false;

  /** The slot whose time the next burst waits for: its first, or its last where it goes out as a whole. */
  const awaitedSlot = (): number => Math.min(slot + (burstRecords ?? 1), slots) - 1;

  const sendDue = (nowNs: number): number => {
    if (burstRecords !== null && schedule.slotNs(awaitedSlot()) > nowNs) return 0;
    let records = 0;
    while (records < mostRecords && slot < slots) {
      const slotNs = schedule.slotNs(slot);
      if (slotNs > nowNs || tracker.outstanding >= sender.maxOutstanding) break;
      if (producer.bufferAvailableBytes < reserveBytes) {
        full = true;
        break;
      }
      if (slotNs >= windowStartNs && slotNs < windowEndNs) sendDelay.record(nowNs - slotNs);
      sender.sendNext();
      slot++;
      records++;
    }
    if (records > 0) recorder.burst(records);
    return records;
  };

  return new Promise((resolve, reject) => {
    const resume = (): void => {
      sending.wake = null;
      clock.defer(step);
    };
    const step = (): void => {
      try {
        const nowNs = clock.nowNs();
        const records = sendDue(nowNs);
        const waitMs = slot < slots ? (schedule.slotNs(awaitedSlot()) - nowNs) / 1e6 : 0;
        if (full || slot >= slots) resolve(full);
        else if (tracker.outstanding >= sender.maxOutstanding) sending.wake = resume;
        else if (records === mostRecords || waitMs <= 0) clock.defer(step);
        else clock.setTimer(step, waitMs);
      } catch (error) {
        reject(error);
      }
    };
    step();
  });
}
