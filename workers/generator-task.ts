import type { MessagePort } from 'node:worker_threads';
import { SeededRandom } from '../core/base/random.ts';
import { realClock } from '../core/base/real-clock.ts';
import { Producer } from '../core/producer/producer.ts';
import { DeliveryTracker } from './delivery-tracker.ts';
import type {
  GeneratorCommand,
  GeneratorEvent,
  GeneratorReport,
  GeneratorTask,
} from './generator-protocol.ts';
import { runPacedPhase } from './paced-phase.ts';
import { createRecordSender } from './record-sender.ts';
import { RecordSizes } from './record-sizes.ts';
import { keptRecordPool, RecordSource } from './record-source.ts';
import { type PhaseContext, runSaturatedPhase } from './saturated-phase.ts';

const PARTITIONER_STREAM = 100;
const MIN_WINDOW_BYTES = 4 * 1024 * 1024;
const BATCHES_UNDER_WAY_PER_PARTITION = 4;

/** The pool's task: one load generator for one whole trial. Rejects when the producer cannot be made. */
export default async function runGenerator(input: {
  task: GeneratorTask;
  port: MessagePort;
}): Promise<GeneratorReport> {
  const { task, port } = input;
  const commands = new CommandQueue(port);
  const post = (event: GeneratorEvent): void => port.postMessage(event);
  const pool = keptRecordPool(task.workload, task.seed);
  const sizes = new RecordSizes(pool, task.workload);
  const tracker = new DeliveryTracker(task.partitions, (sequence) => sizes.at(sequence));
  const producer = new Producer(
    { ...task.producer, 'bootstrap.servers': task.bootstrapServers },
    {
      clock: realClock,
      random: new SeededRandom(task.seed, PARTITIONER_STREAM + task.generator),
      observer: observerOf(task, tracker, sizes),
    },
  );
  try {
    await producer.partitionsFor(task.topic);
    const source = new RecordSource(pool, task.workload, task.topic, task.generator);
    const sender = createRecordSender(task.workload.send, producer, source, tracker);
    const { partitions } = task;
    const queuedRecords = (): readonly number[] => producer.queuedRecords(task.topic);
    const parts = { clock: realClock, producer, tracker, sender, post, partitions, queuedRecords };
    const limits = memoryLimits(task, sizes);
    const context = { ...parts, ...limits };
    const atOnce = Math.max(1, Math.floor(limits.windowBytes / limits.reserveBytes));
    await touchPartitions(task, { producer, source, tracker, atOnce });
    post({ type: 'ready' });
    await runPhases(task, context, commands);
    const { retries, throttleTimeMs } = producer.stats();
    return { ...tracker.report(), retries, throttleTimeMs };
  } finally {
    await producer.close({ timeoutMs: 1000 });
    port.close();
  }
}

async function runPhases(task: GeneratorTask, context: PhaseContext, commands: CommandQueue): Promise<void> {
  for (;;) {
    const command = notTooLate(await commands.next());
    switch (command.type) {
      case 'saturate':
        context.post({ type: 'saturated', report: await runSaturatedPhase(context, command) });
        break;
      case 'pace': {
        const share = {
          generator: task.generator,
          generators: task.generators,
          lingerMs: Number(task.producer['linger.ms']),
        };
        context.post({ type: 'paced', report: await runPacedPhase(context, command, share) });
        break;
      }
      case 'finish':
        return;
    }
  }
}

/**
 * One record to every partition before any clock starts. The first goes alone: it opens the connection and makes the
 * topic known, after which no send() waits for metadata. The others make the brokers open their logs, which takes a
 * real Kafka some tens of milliseconds each. No more of them `atOnce` than buffer.memory has batches for: a send() that
 * blocks would find the source's next record in the place of its own.
 */
async function touchPartitions(
  { partitions, workload }: GeneratorTask,
  {
    producer,
    source,
    tracker,
    atOnce,
  }: { producer: Producer; source: RecordSource; tracker: DeliveryTracker; atOnce: number },
): Promise<void> {
  const callback = workload.send === 'forget' ? null : tracker.onDelivery;
  for (let partition = 0; partition < partitions; partition++) {
    const sequence = tracker.nextSequence();
    producer.send({ ...source.at(sequence), partition }, callback, sequence);
    if (partition % atOnce === 0) await producer.flush();
  }
  await producer.flush();
  await tracker.idle();
}

/** A thread that had to wait for a processor starts its phase now, not in the past: the window must not be over by then. */
function notTooLate(command: GeneratorCommand): GeneratorCommand {
  if (command.type === 'finish') return command;
  return { ...command, startNs: Math.max(command.startNs, realClock.nowNs()) };
}

function observerOf(task: GeneratorTask, tracker: DeliveryTracker, sizes: RecordSizes) {
  if (task.workload.send !== 'forget') return { onBatchSettled: tracker.onBatchSettled };
  return {
    onBatchSettled(batch: Parameters<DeliveryTracker['onForgottenBatch']>[0]): void {
      tracker.onForgottenBatch(batch, sizes.mean);
    },
  };
}

/** A send() is made only when it cannot block; at saturation every partition may have some batches under way. */
function memoryLimits(
  task: GeneratorTask,
  sizes: RecordSizes,
): { reserveBytes: number; windowBytes: number } {
  const batchSize = Number(task.producer['batch.size']);
  const bufferMemory = Number(task.producer['buffer.memory']);
  const allPartitions = BATCHES_UNDER_WAY_PER_PARTITION * task.partitions * batchSize;
  return {
    reserveBytes: Math.min(bufferMemory, Math.max(batchSize, 2 * sizes.largest + 1024)),
    windowBytes: Math.min(bufferMemory / 2, Math.max(MIN_WINDOW_BYTES, allPartitions)),
  };
}

/** Commands in the order they came, awaited one at a time. */
class CommandQueue {
  readonly #waiting: GeneratorCommand[] = [];
  #wanted: ((command: GeneratorCommand) => void) | null = null;

  constructor(port: MessagePort) {
    port.on('message', (command: GeneratorCommand) => {
      const wanted = this.#wanted;
      this.#wanted = null;
      if (wanted === null) this.#waiting.push(command);
      else wanted(command);
    });
  }

  next(): Promise<GeneratorCommand> {
    const command = this.#waiting.shift();
    if (command !== undefined) return Promise.resolve(command);
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }
}
