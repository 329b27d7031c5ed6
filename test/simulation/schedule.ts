import { type Random, SeededRandom } from '../../core/base/random.ts';
import type { ClusterShape } from './cluster-shape.ts';
import type { Mischief, ProduceFault } from './mischief.ts';
import type { Weather } from './network-conditions.ts';

/** One record of the workload; `id` is its place in the order sent, and what its value begins with. */
export interface PlannedRecord {
  readonly id: number;
  readonly topic: string;
  readonly partition: number | undefined;
  readonly key: string | null;
  readonly valueBytes: number;
  readonly form: 'promise' | 'callback' | 'forget';
}

/** What the application does at one moment. */
export interface Step {
  readonly afterMs: number;
  readonly records: readonly PlannedRecord[];
  readonly asks: 'nothing' | 'flush' | 'partitionsFor' | 'close';
}

/** What goes wrong at one moment, and for how long. */
export interface TimedFault {
  readonly atMs: number;
  readonly forMs: number;
  readonly kind:
    | 'stop'
    | 'move-leader'
    | 'drop-connections'
    | 'refuse'
    | 'black-hole'
    | 'silence'
    | 'half-silence'
    | 'trickle';
  readonly brokerIndex: number;
}

/** Everything that happens in one simulation, drawn from its seed. */
export interface Schedule {
  readonly seed: number;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly isIdempotent: boolean;
  readonly shape: ClusterShape;
  readonly steps: readonly Step[];
  readonly faults: readonly TimedFault[];
  readonly mischief: Mischief;
  readonly weather: Weather;
  readonly healAtMs: number;
  /** Of a close in the middle; null: it waits for all. */
  readonly closeTimeoutMs: number | null;
}

/** Errors that say nothing was appended, and mean it; any later attempt may succeed. */
const HONEST_RETRIABLE: readonly ProduceFault[] = [3, 5, 6, 7, 9, 13, 19, 56, 74, 75, 89].map((code) => ({
  code,
  isAppended: false,
}));
/** The batch is in the log, and the answer says that it may not be. */
const APPENDED: readonly ProduceFault[] = [7, 20].map((code) => ({ code, isAppended: true }));
/** No attempt will be made after these. */
const FATAL: readonly ProduceFault[] = [17, 29, 32, 87, 9999].map((code) => ({ code, isAppended: false }));

const IDEMPOTENT_SHARE = 0.5;
/**
 * Elections in quick succession under a steady stream, with slow brokers and metadata that is always new: what is
 * under way to a former leader meets what goes to the next one.
 */
const ELECTIONS_SHARE = 0.25;

/** Draws; every method one decision. */
class Draw {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  below(bound: number): number {
    return this.#random.nextBelow(bound);
  }

  one<T>(...choices: readonly T[]): T {
    return choices[this.#random.nextBelow(choices.length)]!;
  }

  isTrue(probability: number): boolean {
    return this.#random.nextDouble() < probability;
  }

  /** Mostly 0, else one of the probabilities. */
  seldom(...probabilities: readonly number[]): number {
    return this.isTrue(0.7) ? 0 : this.one(...probabilities);
  }
}

/** The schedule of a seed: the same one whenever and wherever it is drawn. */
export function drawSchedule(seed: number): Schedule {
  const draw = new Draw(new SeededRandom(seed, 1));
  const isIdempotent = draw.isTrue(IDEMPOTENT_SHARE);
  const hasElections = draw.isTrue(ELECTIONS_SHARE);
  const shape: ClusterShape = {
    brokers: hasElections ? 3 : draw.one(1, 2, 3, 3),
    topics: draw.isTrue(0.2) ? { t: 2, u: 1 } : { t: draw.one(1, 2, 3) },
    ...draw.one(
      { produceVersion: 7, metadataVersion: 4 },
      { produceVersion: 9, metadataVersion: 8 },
      { produceVersion: 10, metadataVersion: 12 },
      { produceVersion: 12, metadataVersion: 12 },
      { produceVersion: 13, metadataVersion: 13 },
    ),
    maxMessageBytes: draw.isTrue(0.1) ? 250 : 100_000,
    hints: draw.isTrue(0.5),
  };
  const healAtMs = draw.one(300, 1000, 2000, 4000);
  const hasFaults = draw.isTrue(0.9);
  const steps = drawSteps(draw, shape, hasElections);
  return {
    seed,
    properties: {
      ...drawProperties(draw, isIdempotent),
      ...(hasElections ? drawElectionProperties(draw) : {}),
    },
    isIdempotent,
    shape,
    steps,
    faults: [
      ...(hasElections ? drawElections(draw, shape.brokers) : []),
      ...(hasFaults ? drawFaults(draw, shape.brokers, healAtMs) : []),
    ],
    mischief: {
      ...drawMischief(draw, isIdempotent),
      ...(hasElections ? { maxProcessingMs: draw.one(5, 40) } : {}),
    },
    weather: drawWeather(draw),
    healAtMs,
    closeTimeoutMs: draw.one(null, null, 0, 1, 200),
  };
}

function drawProperties(draw: Draw, isIdempotent: boolean): Record<string, string | number | boolean> {
  const requestTimeoutMs = draw.one(200, 500, 1000);
  const lingerMs = draw.one(0, 0, 1, 5, 30);
  const batchSizeBytes = draw.one(0, 120, 300, 1000, 16_384);
  return {
    acks: isIdempotent ? 'all' : draw.one('0', '1', '1', 'all'),
    'enable.idempotence': isIdempotent,
    'max.in.flight.requests.per.connection': draw.one(1, 2, 3, 5, 5),
    'batch.size': batchSizeBytes,
    'linger.ms': lingerMs,
    'compression.type': draw.isTrue(0.1) ? draw.one('lz4', 'gzip', 'zstd', 'snappy') : 'none',
    // Little of it, so that sends wait; but one batch must fit.
    'buffer.memory': draw.one(33_554_432, 33_554_432, 40_000, Math.max(2500, 2 * batchSizeBytes)),
    'max.block.ms': draw.one(100, 1000, 3000),
    'max.request.size': draw.one(1_048_576, 1_048_576, 600),
    'request.timeout.ms': requestTimeoutMs,
    'delivery.timeout.ms': requestTimeoutMs + lingerMs + draw.one(0, 500, 2000, 4000),
    retries: !isIdempotent && draw.isTrue(0.1) ? draw.one(0, 1, 3) : 2_147_483_647,
    'retry.backoff.ms': draw.one(10, 50, 100),
    'retry.backoff.max.ms': draw.one(200, 1000),
    'reconnect.backoff.ms': draw.one(10, 50),
    'reconnect.backoff.max.ms': draw.one(50, 500),
    'socket.connection.setup.timeout.ms': draw.one(100, 400),
    'socket.connection.setup.timeout.max.ms': draw.one(400, 1500),
    'metadata.max.age.ms': draw.one(300_000, 300_000, 250, 60),
    'connections.max.idle.ms': draw.one(540_000, 540_000, 60),
  };
}

function drawSteps(draw: Draw, shape: ClusterShape, hasElections: boolean): Step[] {
  const topics = Object.entries(shape.topics);
  // A steady stream has batches under way whatever goes wrong and whenever; bursts fill batches and memory.
  const isSteady = hasElections || draw.isTrue(0.2);
  const steps: Step[] = [];
  let id = 0;
  for (let count = isSteady ? 24 : draw.one(2, 4, 7, 10); count > 0; count--) {
    const records: PlannedRecord[] = [];
    for (let left = isSteady ? draw.one(1, 2) : draw.one(1, 2, 4, 8); left > 0; left--) {
      const [topic, partitions] = topics[draw.below(topics.length)]!;
      const kind = draw.below(4);
      records.push({
        id: id++,
        topic,
        partition: kind < 2 ? draw.below(partitions) : undefined,
        key: kind === 2 ? `key ${draw.below(5)}` : null,
        valueBytes: draw.isTrue(0.02) ? 700 : draw.one(8, 20, 60, 150),
        form: draw.one('callback', 'callback', 'promise', 'forget'),
      });
    }
    const isClosing = count <= 2 && draw.isTrue(0.1);
    const asks = isClosing ? 'close' : draw.one('nothing', 'nothing', 'nothing', 'flush', 'partitionsFor');
    const afterMs = isSteady ? draw.one(2, 4, 8, 20) : draw.one(0, 0, 1, 7, 40, 150, 600);
    steps.push({ afterMs, records, asks });
  }
  return steps;
}

function drawElections(draw: Draw, brokers: number): TimedFault[] {
  const faults: TimedFault[] = [];
  for (let left = draw.one(4, 8); left > 0; left--) {
    const brokerIndex = draw.below(brokers);
    faults.push({ atMs: 5 + draw.below(250), forMs: 0, kind: 'move-leader', brokerIndex });
  }
  return faults;
}

/** Instead of those of other schedules. */
function drawElectionProperties(draw: Draw): Record<string, number> {
  return {
    'max.in.flight.requests.per.connection': draw.one(1, 1, 2, 5),
    'batch.size': draw.one(0, 120),
    'linger.ms': 0,
    'metadata.max.age.ms': 30,
    'retry.backoff.ms': 10,
  };
}

function drawFaults(draw: Draw, brokers: number, healAtMs: number): TimedFault[] {
  const faults: TimedFault[] = [];
  for (let left = draw.one(0, 1, 2, 3, 5); left > 0; left--) {
    faults.push({
      atMs: draw.isTrue(0.3) ? 0 : draw.below(healAtMs),
      forMs: draw.one(5, 50, 300, 1500),
      kind: draw.one(
        'stop',
        'stop',
        'move-leader',
        'move-leader',
        'drop-connections',
        'refuse',
        'black-hole',
        'silence',
        'half-silence',
        'trickle',
      ),
      brokerIndex: draw.below(brokers),
    });
  }
  return faults;
}

function drawMischief(draw: Draw, isIdempotent: boolean): Mischief {
  // What an idempotent producer promises holds as long as brokers tell the truth about what they refused for good.
  const produceFaults = [...HONEST_RETRIABLE, ...APPENDED, ...(isIdempotent ? [] : FATAL)];
  return {
    minProcessingMs: 0,
    maxProcessingMs: draw.one(0, 0, 3, 40),
    produceFaultChance: draw.seldom(0.05, 0.3, 0.8),
    produceFaults: draw.isTrue(0.5) ? produceFaults : [draw.one(...produceFaults)],
    lostAnswerChance: draw.seldom(0.05, 0.2),
    mutedChance: draw.seldom(0.05, 0.2),
    delayedAnswerChance: draw.seldom(0.1, 0.3),
    delayMs: draw.one(30, 250, 1200),
    duplicatedAnswerChance: draw.seldom(0.02, 0.1),
    strangeAnswerChance: draw.seldom(0.02, 0.1),
    truncatedAnswerChance: draw.seldom(0.02, 0.1),
    unaskedAnswerChance: draw.seldom(0.1, 1),
    throttleChance: draw.seldom(0.1),
    metadataFaultChance: draw.seldom(0.1, 0.5),
    staleMetadataMs: draw.seldom(20, 300),
    producerIdFaultChance: draw.seldom(0.3),
  };
}

function drawWeather(draw: Draw): Weather {
  return {
    minLatencyMs: draw.one(0, 1, 1),
    maxLatencyMs: draw.one(1, 1, 4, 20),
    splitChance: draw.seldom(0.2, 0.8),
    resetChance: draw.seldom(0.02, 0.1),
    slowTakeChance: draw.seldom(0.1, 0.5),
    lateBytesChance: draw.one(0, 0.5, 1),
  };
}
