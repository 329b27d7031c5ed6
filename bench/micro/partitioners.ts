import { SeededRandom } from '../../core/base/random.ts';
import { choosePartitioner, PARTITIONER_NAMES } from '../../core/producer/config/partitioner-choice.ts';
import { partitionerFactory } from '../../core/producer/partitioners/create.ts';
import type {
  PartitionedTopic,
  TopicPartitioner,
} from '../../core/producer/partitioners/topic-partitioner.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, HASH_START, sampleKeys } from './sample-data.ts';

const RECORDS = 2000;
const PARTITIONS = 12;
const BATCH_SIZE_BYTES = 16_384;
const RECORD_BYTES = 120;
const SEED = 11;
const BUDGET_NS = 30;

const EVERY_PARTITION = Array.from({ length: PARTITIONS }, (_, partition) => partition);
/** Batches waiting per partition, for the adaptive draw. */
const QUEUE_LENGTHS = EVERY_PARTITION.map((partition) => (partition * 5) % 7);

/**
 * Choosing the partition of a 100 B record among 12, with what the accumulator tells the partitioner on the way:
 * how much was appended, and that a batch is full. `keyed` hashes 16-byte keys, the others see no key.
 */
export function partitionerBenchmarks(): MicroBenchmark[] {
  return Object.keys(PARTITIONER_NAMES).map((name) => ({
    name: `partitioner/${name}`,
    unit: 'ns/record',
    opsPerRun: RECORDS,
    bytesPerOp: null,
    budgetNs: BUDGET_NS,
    prepare: () => ({ run: placement(name) }),
  }));
}

function placement(name: string): () => number {
  const settings = { adaptive: true, ignoreKeys: name !== 'keyed' };
  const keys = sampleKeys(RECORDS);
  const key = (index: number): Buffer | null => (name === 'keyed' ? keys[index]! : null);
  const isOpen = new Uint8Array(PARTITIONS);
  const filledBytes = new Int32Array(PARTITIONS);
  const topic: PartitionedTopic = {
    name: 'bench',
    partitionCount: PARTITIONS,
    availablePartitions: EVERY_PARTITION,
    isOpen: (partition) => isOpen[partition] === 1,
  };
  return () => {
    const choice = choosePartitioner(name, settings);
    const factory =
      choice === null ? null : partitionerFactory(choice, new SeededRandom(SEED), BATCH_SIZE_BYTES);
    if (factory === null) throw new Error(`no partitioner is called ${name}`);
    const partitioner = factory();
    partitioner.updateLoad?.([...QUEUE_LENGTHS], [...EVERY_PARTITION], PARTITIONS);
    isOpen.fill(0);
    filledBytes.fill(0);
    let hash = HASH_START;
    for (let index = 0; index < RECORDS; index++) {
      hash = foldHash(hash, place(partitioner, key(index), topic, { isOpen, filledBytes }));
    }
    return hash;
  };
}

/** The accumulator's part, with batches that are only counted. */
function place(
  partitioner: TopicPartitioner,
  key: Buffer | null,
  topic: PartitionedTopic,
  batches: { readonly isOpen: Uint8Array; readonly filledBytes: Int32Array },
): number {
  const { isOpen, filledBytes } = batches;
  let partition = partitioner.choose(key, null, topic);
  if (isOpen[partition] === 1 && filledBytes[partition]! + RECORD_BYTES > BATCH_SIZE_BYTES)
    isOpen[partition] = 0;
  if (isOpen[partition] === 0) {
    if (partitioner.newBatch(partition, topic)) partition = partitioner.choose(key, null, topic);
    isOpen[partition] = 1;
    filledBytes[partition] = 0;
  }
  filledBytes[partition]! += RECORD_BYTES;
  partitioner.appended(RECORD_BYTES, false, topic);
  return partition;
}
