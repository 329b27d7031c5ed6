import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { CustomPartitioner } from '../../../../core/producer/partitioners/custom.ts';
import {
  keyText,
  loadPartitioner,
  type Partitioner,
} from '../../../../core/producer/partitioners/partitioner-module.ts';
import type { PartitionedTopic } from '../../../../core/producer/partitioners/topic-partitioner.ts';

const FIXTURES = 'test/core/producer/partitioners/fixtures';
const topic: PartitionedTopic = {
  name: 'orders',
  partitionCount: 3,
  availablePartitions: [0, 2],
  isOpen: () => false,
};

describe('a custom partitioner', () => {
  it('gets topic, the bytes of key and value, and a cluster with the names of Kafka', () => {
    const seen: unknown[] = [];
    const partitioner: Partitioner = {
      partition(name, key, value, cluster) {
        seen.push(name, key, value, cluster.availablePartitions, cluster.partitionCountForTopic('orders'));
        seen.push(cluster.partitionCountForTopic('others'), cluster.availablePartitionsForTopic('others'));
        return cluster.partitionCount - 1;
      },
    };
    const custom = new CustomPartitioner(partitioner);
    assert.equal(custom.choose('kä', null, topic), 2);
    assert.deepEqual(seen, ['orders', Buffer.from('kä'), null, [0, 2], 3, null, []]);
    assert.equal(custom.choose(null, 'v', topic), 2);
    assert.deepEqual(seen.slice(7, 10), ['orders', null, Buffer.from('v')]);
  });

  it('is the receiver of its own method', () => {
    class Counting {
      count = 0;
      partition(): number {
        return this.count++;
      }
    }
    const custom = new CustomPartitioner(new Counting());
    assert.deepEqual([custom.choose('a', null, topic), custom.choose('a', null, topic)], [0, 1]);
  });

  it('fails the record with its key and the module when it answers out of range or throws', () => {
    const fails = (answer: unknown, message: RegExp, key: Uint8Array | string | null = 'k1') => {
      const custom = new CustomPartitioner({ partition: () => answer as number }, './mine.ts');
      assert.throws(() => custom.choose(key, 'v', topic), { kind: 'PARTITIONER', message });
    };
    fails(
      3,
      /^the partitioner \.\/mine\.ts failed for a record for topic orders with key "k1": it returned 3, expected a whole number from 0 to 2$/,
    );
    fails(-1, /returned -1/);
    fails(1.5, /returned 1\.5/);
    fails(Number.NaN, /returned NaN/);
    fails(undefined, /returned undefined/);
    fails('1', /returned text of 1 characters/);
    fails(Promise.reject(new Error('late')), /returned a promise, .* at once/);
    fails(9, /with key 0xff00: it/, new Uint8Array([255, 0]));
    fails(9, /with no key: it/, null);
    const throwing: Partitioner = {
      partition() {
        throw new Error('mine\nand more');
      },
    };
    const custom = new CustomPartitioner(throwing, './mine.ts');
    assert.throws(() => custom.choose('k', 'v', topic), { kind: 'PARTITIONER', message: /it threw: mine$/ });
    const throwsOdd = (thrown: unknown, message: RegExp): void => {
      const odd = new CustomPartitioner({
        partition: () => {
          throw thrown;
        },
      });
      assert.throws(() => odd.choose('k', 'v', topic), { kind: 'PARTITIONER', message });
    };
    throwsOdd(null, /it threw: null$/);
    throwsOdd(new TypeError(), /it threw: TypeError$/);
    throwsOdd(Object.create(null), /it threw: object$/);
  });

  it('shows a long key cut, with its length', () => {
    assert.equal(keyText('x'.repeat(100)), `key "${'x'.repeat(64)}"... (100 bytes)`);
  });
});

describe('a module with a partitioner', () => {
  const load = (file: string) => loadPartitioner(`${FIXTURES}/${file}`, 'partitioner.class=mine');

  it('may export an object or a class, as TypeScript, JavaScript or CommonJS', async () => {
    const byLength = new CustomPartitioner(await load('as-class.ts'));
    assert.equal(byLength.choose('four', null, topic), 1);
    assert.equal(new CustomPartitioner(await load('as-commonjs.cjs')).choose('k', null, topic), 1);
    assert.equal(new CustomPartitioner(await load('compiled.cjs')).choose('k', null, topic), 2);
  });

  it('that does not load says why and where', async () => {
    const fails = (file: string, message: RegExp) => assert.rejects(load(file), { kind: 'CONFIG', message });
    await fails('nowhere.ts', /^partitioner\.class=mine cannot be loaded: there is no such file$/);
    // The formatter could not read it as a fixture.
    const directory = mkdtempSync(join(tmpdir(), 'tidemark-partitioner-'));
    writeFileSync(
      join(directory, 'broken.ts'),
      '// Does not parse.\nexport default { partition( { return 0 };\n',
    );
    await fails(
      relative(FIXTURES, join(directory, 'broken.ts')),
      /cannot be loaded: syntax error at .*broken\.ts:2: /,
    );
    rmSync(directory, { recursive: true });
    await fails('missing-import.mjs', /cannot be loaded: Cannot find package 'no-such-package-of-anybody'/);
  });

  it('without a partition function says what it exports instead, and the form expected', async () => {
    const fails = (file: string, message: RegExp) => assert.rejects(load(file), { kind: 'CONFIG', message });
    await fails(
      'named-only.ts',
      /has no partition function: it has no default export, only partition; expected export default \{ partition\(topic, key, value, cluster\)/,
    );
    await fails('plain-function.ts', /its default export is a plain function; expected/);
    await fails('../../../../../core/base/errors.ts', /it has no default export, only .*TidemarkError/);
  });
});
