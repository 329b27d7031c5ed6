import { SeededRandom } from '../../core/base/random.ts';
import type { PartitionLoads, Strategy, StrategyText } from './strategy.ts';

const RANDOM_STREAM = 11;

export function newLoads(partitions: number): PartitionLoads {
  return { records: new Float64Array(partitions), bytes: new Float64Array(partitions) };
}

/** Partition 0 first; other clients begin anywhere, which changes a partition's records by one. */
export function roundRobin(partitionCounts: readonly number[]): Strategy {
  const text = {
    name: 'round-robin',
    service: null,
    rule: 'the next partition for every record, whatever its key',
    clients: [
      'Java: RoundRobinPartitioner',
      'Go: kafka-go (its default), sarama and franz-go when asked to',
      'every client above, about so, for records without a key',
    ],
  };
  const next = new Int32Array(partitionCounts.length);
  return spread(text, partitionCounts, (count, partitions) => {
    const partition = next[count]!;
    next[count] = partition + 1 === partitions ? 0 : partition + 1;
    return partition;
  });
}

/** Drawn evenly for every record; one seed gives the same partitions. */
export function random(partitionCounts: readonly number[], seed: number): Strategy {
  const text = {
    name: 'random',
    service: null,
    rule: 'any partition for every record, whatever its key',
    clients: ['librdkafka with partitioner=random', 'Go: sarama for records without a key'],
  };
  const draws = partitionCounts.map((_, count) => new SeededRandom(seed, RANDOM_STREAM + count));
  return spread(text, partitionCounts, (count, partitions) => draws[count]!.nextBelow(partitions));
}

function spread(
  text: StrategyText,
  partitionCounts: readonly number[],
  choose: (count: number, partitions: number) => number,
): Strategy {
  const loads = partitionCounts.map(newLoads);
  return {
    kind: 'told',
    text,
    tell: ({ sizeBytes }) => {
      for (let count = 0; count < loads.length; count++) {
        const partition = choose(count, partitionCounts[count]!);
        loads[count]!.records[partition]!++;
        loads[count]!.bytes[partition]! += sizeBytes;
      }
    },
    loads: (count) => loads[count]!,
    placement: () => null,
  };
}
