import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../core/base/random.ts';
import { BuiltInPartitioner } from '../../../../core/producer/partitioners/built-in.ts';
import { partitionForKey } from '../../../../core/producer/partitioners/key-hash.ts';
import { LoadTable } from '../../../../core/producer/partitioners/load-table.ts';
import { RandomPartitioner } from '../../../../core/producer/partitioners/random.ts';
import { RoundRobinPartitioner } from '../../../../core/producer/partitioners/round-robin.ts';
import { StickyPartitioner } from '../../../../core/producer/partitioners/sticky.ts';
import type {
  PartitionedTopic,
  TopicPartitioner,
} from '../../../../core/producer/partitioners/topic-partitioner.ts';

class Topic implements PartitionedTopic {
  readonly name = 't';
  readonly partitionCount: number;
  availablePartitions: number[];
  readonly open = new Set<number>();

  constructor(partitionCount: number) {
    this.partitionCount = partitionCount;
    this.availablePartitions = Array.from({ length: partitionCount }, (_, partition) => partition);
  }

  isOpen(partition: number): boolean {
    return this.open.has(partition);
  }
}

function counts(partitioner: TopicPartitioner, topic: Topic, draws: number): number[] {
  const found = new Array<number>(topic.partitionCount).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const partition = partitioner.choose(null, 'v', topic);
    found[partition]!++;
  }
  return found;
}

function assertNear(found: number[], expected: number[], tolerance: number): void {
  const total = found.reduce((sum, count) => sum + count, 0);
  found.forEach((count, index) => {
    assert.ok(Math.abs(count / total - expected[index]!) < tolerance, `shares ${found.join(', ')}`);
  });
}

function builtIn(more: { adaptive?: boolean; ignoreKeys?: boolean; stickyBytes?: number } = {}) {
  return new BuiltInPartitioner({
    random: new SeededRandom(7),
    stickyBytes: 100,
    adaptive: true,
    ignoreKeys: false,
    ...more,
  });
}

describe('load table of KIP-794', () => {
  it('turns queues 0, 3, 1 into weights 4, 1, 3 with sums 4, 5, 8', () => {
    const table = LoadTable.build([0, 3, 1], [0, 1, 2], 3)!;
    assert.deepEqual(table.sums, [4, 5, 8]);
    assert.equal(table.range, 8);
    const drawn = Array.from({ length: 8 }, (_, draw) => table.partitionOf(draw));
    assert.deepEqual(drawn, [0, 0, 0, 0, 1, 2, 2, 2]);
  });

  it('leaves the draw even for equal queues, fewer than two partitions, or none', () => {
    assert.equal(LoadTable.build([2, 2], [0, 1], 2), null);
    assert.equal(LoadTable.build([5], [0], 1), null);
    assert.equal(LoadTable.build([], [], 0), null);
  });

  it('draws among the others when one was left out, also when their queues are equal', () => {
    const table = LoadTable.build([1, 1], [0, 2], 3)!;
    assert.deepEqual(table.sums, [1, 2]);
    assert.equal(table.partitionOf(1), 2);
    assert.deepEqual(LoadTable.build([4], [1], 2)!.sums, [1]);
  });
});

describe('built-in partitioner', () => {
  it('hashes keys over all partitions, unless told to ignore them', () => {
    const topic = new Topic(12);
    topic.availablePartitions = [3];
    assert.equal(builtIn().choose('foobar', 'v', topic), partitionForKey('foobar', 12));
    assert.equal(builtIn({ ignoreKeys: true }).choose('foobar', 'v', topic), 3);
  });

  it('stays until batch.size bytes are produced and the last batch is full', () => {
    const topic = new Topic(50);
    const partitioner = builtIn();
    const first = partitioner.choose(null, 'v', topic);
    topic.open.add(first);
    partitioner.appended(99, false, topic);
    assert.equal(partitioner.choose(null, 'v', topic), first);
    partitioner.appended(50, false, topic);
    assert.equal(partitioner.choose(null, 'v', topic), first, 'an open batch keeps it');
    topic.open.delete(first);
    assert.notEqual(partitioner.choose(null, 'v', topic), first, 'a batch sent or full frees it');
  });

  it('switches at twice batch.size although the batch is open', () => {
    const topic = new Topic(50);
    const partitioner = builtIn();
    const first = partitioner.choose(null, 'v', topic);
    topic.open.add(first);
    partitioner.appended(199, false, topic);
    assert.equal(partitioner.choose(null, 'v', topic), first);
    partitioner.appended(1, false, topic);
    assert.notEqual(partitioner.choose(null, 'v', topic), first);
  });

  it('does not count the bytes of keyed records', () => {
    const topic = new Topic(50);
    const partitioner = builtIn();
    const first = partitioner.choose(null, 'v', topic);
    partitioner.choose('key', 'v', topic);
    partitioner.appended(1000, true, topic);
    assert.equal(partitioner.choose(null, 'v', topic), first);
  });

  it('draws by queue length when adaptive and evenly when not', () => {
    const topic = new Topic(3);
    for (const [adaptive, shares] of [
      [true, [4 / 8, 1 / 8, 3 / 8]],
      [false, [1 / 3, 1 / 3, 1 / 3]],
    ] as const) {
      const partitioner = builtIn({ adaptive });
      partitioner.updateLoad([0, 3, 1], [0, 1, 2], 3);
      const found = [0, 0, 0];
      for (let draw = 0; draw < 20_000; draw++) {
        found[partitioner.choose(null, 'v', topic)]!++;
        partitioner.appended(100, true, topic);
      }
      assertNear(found, [...shares], 0.02);
    }
  });
});

describe('sticky partitioner (KIP-480)', () => {
  it('switches to a different available partition when a new batch opens there', () => {
    const topic = new Topic(4);
    topic.availablePartitions = [0, 2, 3];
    const partitioner = new StickyPartitioner(new SeededRandom(1), false);
    let current = partitioner.choose(null, 'v', topic);
    for (let batch = 0; batch < 200; batch++) {
      assert.equal(partitioner.choose(null, 'v', topic), current);
      assert.ok(partitioner.newBatch(current, topic));
      const next = partitioner.choose(null, 'v', topic);
      assert.notEqual(next, current);
      assert.ok(topic.availablePartitions.includes(next));
      current = next;
    }
  });

  it('stays when a keyed record opens a batch elsewhere, and with a single partition', () => {
    const topic = new Topic(4);
    const partitioner = new StickyPartitioner(new SeededRandom(1), false);
    const current = partitioner.choose(null, 'v', topic);
    assert.equal(partitioner.newBatch((current + 1) % 4, topic), false);
    assert.equal(partitioner.choose(null, 'v', topic), current);
    const single = new Topic(1);
    assert.equal(partitioner.choose(null, 'v', single), 0);
    assert.equal(partitioner.newBatch(0, single), false);
  });

  it('hashes keys, or ignores them when told', () => {
    const topic = new Topic(12);
    const hashed = partitionForKey('foobar', 12);
    assert.equal(new StickyPartitioner(new SeededRandom(1), false).choose('foobar', 'v', topic), hashed);
    topic.availablePartitions = [(hashed + 1) % 12];
    assert.notEqual(new StickyPartitioner(new SeededRandom(1), true).choose('foobar', 'v', topic), hashed);
  });
});

describe('round-robin and random partitioners', () => {
  it('round-robin goes around the available partitions exactly evenly, whatever the keys', () => {
    const topic = new Topic(4);
    topic.availablePartitions = [0, 1, 3];
    const partitioner = new RoundRobinPartitioner(new SeededRandom(3));
    assert.deepEqual(counts(partitioner, topic, 300), [100, 100, 0, 100]);
    assert.notEqual(partitioner.choose('k', 'v', topic), partitioner.choose('k', 'v', topic));
  });

  it('random is even in the long run and uses all partitions when none has a leader', () => {
    const topic = new Topic(4);
    assertNear(
      counts(new RandomPartitioner(new SeededRandom(3)), topic, 20_000),
      [0.25, 0.25, 0.25, 0.25],
      0.02,
    );
    topic.availablePartitions = [];
    assert.ok(counts(new RandomPartitioner(new SeededRandom(3)), topic, 100).every((count) => count > 0));
  });

  it('one seed gives the same partitions', () => {
    const draw = () => counts(new RandomPartitioner(new SeededRandom(9)), new Topic(7), 50);
    assert.deepEqual(draw(), draw());
  });
});
