import {
  answerProblem,
  keyText,
  type Partitioner,
  type PartitionerCluster,
  thrownReason,
} from '../../core/producer/partitioners/partitioner-module.ts';
import { partitionsText } from '../../reports/number-text.ts';
import { usageError } from '../cli-error.ts';
import type { KeyTable } from './key-table.ts';
import { loadModule } from './load-module.ts';
import { newLoads } from './spread-strategies.ts';
import type { Strategy, ToldRecord } from './strategy.ts';

export interface ModuleSetting {
  /** As given; the strategy's name. */
  readonly path: string;
  readonly topic: string;
  /** What every record has as its value. */
  readonly value: Buffer;
  readonly workingDirectory: string;
}

const UNSEEN = -1;
/** Keys asked for once more in the end, to see whether a module keeps them where they were. */
const MOST_ASKED_AGAIN = 1_000;

/**
 * A user's partitioner beside the others, asked once for every record and partition count. Each count has an instance of
 * the module to itself: one that counts its records must not see those of the others. Throws CliError (exit 2) for a
 * module that does not load, and later for a record that it cannot place.
 */
export async function moduleStrategy(
  partitionCounts: readonly number[],
  setting: ModuleSetting,
): Promise<Strategy> {
  const { path, workingDirectory } = setting;
  const where = `--partitioner ${path}`;
  const tallies: ModuleTally[] = [];
  for (const partitions of partitionCounts) {
    const instance = `partitions=${partitions}`;
    const partitioner = await loadModule({ path, workingDirectory, where, instance });
    tallies.push(new ModuleTally(partitioner, partitions, setting));
  }
  return {
    kind: 'told',
    text: { name: path, service: null, rule: 'as the module decides', clients: [] },
    tell: (record) => {
      for (const tally of tallies) tally.tell(record);
    },
    loads: (count) => tallies[count]!.loads,
    placement: (count, keys) => tallies[count]!.placement(keys),
  };
}

/** Where one module puts records, at one number of partitions. */
class ModuleTally {
  readonly loads;
  readonly #partitioner: Partitioner;
  readonly #setting: ModuleSetting;
  readonly #cluster: PartitionerCluster;
  /** By key: where its first record went. */
  #places = new Int32Array(1024).fill(UNSEEN);
  #spreads = false;
  #placement: Int32Array | null = null;

  constructor(partitioner: Partitioner, partitions: number, setting: ModuleSetting) {
    const { topic } = setting;
    const available = Array.from({ length: partitions }, (_, partition) => partition);
    this.#partitioner = partitioner;
    this.#setting = setting;
    this.loads = newLoads(partitions);
    this.#cluster = {
      partitionCount: partitions,
      availablePartitions: available,
      partitionCountForTopic: (name) => (name === topic ? partitions : null),
      availablePartitionsForTopic: (name) => (name === topic ? available : []),
    };
  }

  tell(record: ToldRecord): void {
    const partition = this.#ask(record);
    this.loads.records[partition]!++;
    this.loads.bytes[partition]! += record.sizeBytes;
    this.#note(record.key, partition);
  }

  /** Null when the module spreads some key. Keys of a distribution that were left without a record are asked for now. */
  placement(keys: KeyTable): Int32Array | null {
    if (this.#spreads) return null;
    if (this.#placement !== null) return this.#placement;
    const places = new Int32Array(keys.count).fill(UNSEEN);
    places.set(this.#places.subarray(0, Math.min(keys.count, this.#places.length)));
    for (let key = 0; key < places.length; key++) {
      if (places[key] !== UNSEEN) continue;
      const place = () => `key ${key + 1}, which has no record`;
      places[key] = this.#ask({ keys, key, sizeBytes: 0, place });
    }
    this.#spreads = this.#movesWhenAskedAgain(places, keys);
    if (this.#spreads) return null;
    this.#placement = places;
    return places;
  }

  /** Where each key has one record, going around the partitions looks like a place for each. In another order than before. */
  #movesWhenAskedAgain(places: Int32Array, keys: KeyTable): boolean {
    for (let key = Math.min(places.length, MOST_ASKED_AGAIN) - 1; key >= 0; key--) {
      const place = () => `key ${key + 1}, asked for once more`;
      if (this.#ask({ keys, key, sizeBytes: 0, place }) !== places[key]) return true;
    }
    return false;
  }

  #ask(record: ToldRecord): number {
    const { topic, value } = this.#setting;
    // A copy of its own: what the module writes into it, or keeps of it, must not be the table's.
    const key = Buffer.from(record.keys.keyAt(record.key));
    let answer: unknown;
    try {
      answer = this.#partitioner.partition(topic, key, value, this.#cluster);
    } catch (thrown) {
      throw this.#error(record, `threw: ${thrownReason(thrown)}`);
    }
    const problem = answerProblem(answer, this.#cluster.partitionCount);
    if (problem !== null) throw this.#error(record, problem);
    return answer as number;
  }

  #note(key: number, partition: number): void {
    if (key >= this.#places.length) {
      const grown = new Int32Array(Math.max(key + 1, this.#places.length * 2)).fill(UNSEEN);
      grown.set(this.#places);
      this.#places = grown;
    }
    const before = this.#places[key]!;
    if (before === UNSEEN) this.#places[key] = partition;
    else if (before !== partition) this.#spreads = true;
  }

  #error(record: ToldRecord, what: string): Error {
    const key = keyText(record.keys.keyAt(record.key));
    const { path } = this.#setting;
    return usageError(
      `--partitioner ${path}: at ${record.place()}, ${key}, with ${partitionsText(this.#cluster.partitionCount)}, it ${what}`,
    );
  }
}
