import { TidemarkError } from '../../core/base/errors.ts';
import { realClock } from '../../core/base/real-clock.ts';
import { Producer } from '../../core/producer/producer.ts';
import { CliError, reasonOf, usageError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { PerfLoad } from './perf-load.ts';
import { type PayloadSource, perfPayloads } from './perf-payloads.ts';
import type { PerfSettings } from './perf-settings.ts';
import { type PerfTarget, startEmbeddedTarget } from './perf-target.ts';
import { metricLines } from './print-metrics.ts';

const NOWHERE = '127.0.0.1:1';
/** After Ctrl-C, what is under way may still settle for so long. */
const INTERRUPT_GRACE_MS = 2000;
/** Room beyond key and value that a record may need in a batch of its own. */
const RECORD_OVERHEAD_BYTES = 1024;
const UNREACHABLE_KINDS = /^(NETWORK|TIMEOUT|.*(SASL|AUTHENTICATION|AUTHORIZATION).*)$/;

/** Sends the records and prints kafka-producer-perf-test's lines. Exit 3 when a record failed, 4 without a target. */
export async function runPerf(io: CliIo, settings: PerfSettings): Promise<ExitCode> {
  const print = (line: string): void => io.stdout.write(`${line}\n`);
  const payloads = perfPayloads(settings.payload, print);
  const note = (text: string): void => io.stderr.write(`tidemark: ${text}\n`);
  for (const text of settings.notes) note(text);
  // Before anything is started: nothing connects by being made.
  await newProducer({ ...settings.properties, 'bootstrap.servers': NOWHERE }, () => {}, {}).close();
  const embedded =
    settings.bootstrapServers === null ? await startEmbeddedTarget(settings.topic, note) : null;
  try {
    return await measure({ io, settings, payloads, embedded, note, print });
  } finally {
    await embedded?.close();
  }
}

interface Measurement {
  readonly io: CliIo;
  readonly settings: PerfSettings;
  readonly payloads: PayloadSource;
  readonly embedded: PerfTarget | null;
  readonly note: (text: string) => void;
  /** A line on stdout. */
  readonly print: (line: string) => void;
}

async function measure({ io, settings, payloads, embedded, note, print }: Measurement): Promise<ExitCode> {
  const bootstrapServers = embedded?.bootstrapServers ?? settings.bootstrapServers!;
  let load: PerfLoad | null = null;
  const producer = newProducer({ ...settings.properties, 'bootstrap.servers': bootstrapServers }, note, {
    onBatchSettled: (batch) => load?.noteSettled(batch),
  });
  const interrupt = new AbortController();
  const stopListening = io.onInterrupt(() => interrupt.abort());
  try {
    await reach(producer, settings.topic, interrupt.signal);
    if (interrupt.signal.aborted) return EXIT.interrupted;
    if (settings.warmupRecords > 0) {
      print(
        `Warmup first ${settings.warmupRecords} records. Steady state results will print after the complete test summary.`,
      );
    }
    load = new PerfLoad({
      ...settings,
      clock: realClock,
      producer,
      payloads,
      reserveBytes: reserveBytes(producer, payloads),
      onSteadyState: () => print('In steady state.'),
      signal: interrupt.signal,
    });
    await sendAndPrint({ load, producer, settings, print, signal: interrupt.signal });
    return tellFailures(load, interrupt.signal.aborted, note);
  } finally {
    stopListening();
    await producer.close({ timeoutMs: 0 });
    load?.total.destroy();
    load?.steady?.destroy();
  }
}

function newProducer(
  properties: Readonly<Record<string, string>>,
  note: (text: string) => void,
  observer: NonNullable<ConstructorParameters<typeof Producer>[1]>['observer'],
): Producer {
  try {
    return new Producer(properties, { observer: { ...observer, onWarning: note } });
  } catch (error) {
    throw usageError(reasonOf(error));
  }
}

/** Connects and finds the topic, before any clock starts. */
async function reach(producer: Producer, topic: string, signal: AbortSignal): Promise<void> {
  try {
    await producer.partitionsFor(topic, { signal });
  } catch (error) {
    if (signal.aborted) return;
    const kind = error instanceof TidemarkError ? error.kind : '';
    const isConfig = kind === 'CONFIG' || kind === 'INVALID_TOPIC_EXCEPTION';
    if (isConfig) throw usageError(reasonOf(error));
    throw new CliError(reasonOf(error), UNREACHABLE_KINDS.test(kind) ? EXIT.unreachable : EXIT.failed, error);
  }
}

/** What must be free so that send() need not wait: a batch, or a record larger than one. */
function reserveBytes({ config }: Producer, payloads: PayloadSource): number {
  const recordBytes = payloads(0).length + RECORD_OVERHEAD_BYTES;
  return Math.min(config.bufferMemoryBytes, Math.max(config.batchSizeBytes, recordBytes));
}

interface Sending {
  readonly load: PerfLoad;
  readonly producer: Producer;
  readonly settings: PerfSettings;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

async function sendAndPrint({ load, producer, settings, print, signal }: Sending): Promise<void> {
  const progress = setInterval(() => {
    const line = (load.steady ?? load.total).takeProgressLine(realClock.nowNs());
    if (line !== null) print(line);
  }, settings.reportingIntervalMs);
  try {
    await load.run();
    await settle(producer, signal);
  } finally {
    clearInterval(progress);
  }
  const endNs = realClock.nowNs();
  print(load.total.totalLine(endNs));
  if (load.steady !== null) print(load.steady.totalLine(endNs, 'steady state'));
  if (settings.printMetrics) for (const line of metricLines(producer.metrics())) print(line);
}

/** Resolves when all that was sent has settled; after Ctrl-C, then or before it, no later than the grace allows. */
async function settle(producer: Producer, signal: AbortSignal): Promise<void> {
  try {
    await producer.flush({ signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    await producer.close({ timeoutMs: INTERRUPT_GRACE_MS });
  }
}

function tellFailures(load: PerfLoad, isInterrupted: boolean, note: (text: string) => void): ExitCode {
  if (load.failed > 0) {
    const { kind, message } = load.firstError!;
    note(`${load.failed} of ${load.sent} records failed, the first with ${kind}: ${message}`);
  }
  if (isInterrupted) return EXIT.interrupted;
  return load.failed > 0 ? EXIT.failed : EXIT.ok;
}
