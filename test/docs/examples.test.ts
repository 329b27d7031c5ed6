import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startTestCluster, type TestCluster } from '../core/broker/test-cluster.ts';

const FOLDER = 'docs/examples';

/** What each prints; every example is here, or the test fails. */
const PRINTED: Readonly<Record<string, RegExp>> = {
  'fire-and-forget.ts': /^1000 acknowledged, 0 failed\n$/,
  'await-each.ts':
    /^ordered: partition (\d), offset 0\npaid: partition \1, offset 1\nshipped: partition \1, offset 2\n$/,
  'promises.ts': /^(acknowledged at \d:\d\n){3}$/,
  'callbacks.ts': /^1000 acknowledged\n$/,
  // A module for partitioner.class: it only has to load.
  'partitioner.ts': /^$/,
  'records.ts': /^at offset 0\ncustomer-3: 9\.5 at 2026-01-01T00:00:00\.000Z source=shop trace-id=f00d\n$/,
  'errors-and-metrics.ts':
    /^SERIALIZATION: the value of a record for topic readings .*got number 21\.5\n(.*\n)*records sent: 1, errors: 0\nreadings: true\n$/,
};

describe('examples of the documentation', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await startTestCluster();
  });
  after(async () => {
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  it('are all run here, and all shown in docs/producer.md', () => {
    const files = readdirSync(FOLDER)
      .filter((name) => name.endsWith('.ts'))
      .sort();
    assert.deepEqual(files, Object.keys(PRINTED).sort());
    const guide = readFileSync('docs/producer.md', 'utf8');
    for (const file of files) assert.ok(guide.includes(`examples/${file}`), file);
  });

  for (const [file, printed] of Object.entries(PRINTED)) {
    it(`${file} runs and ends by itself`, async () => {
      const given = ['--import', './test/docs/resolve-tidemark.ts', `${FOLDER}/${file}`];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, given, {
        env: { ...process.env, BOOTSTRAP_SERVERS: cluster.bootstrapServers },
      });
      assert.match(stdout, printed);
      assert.equal(stderr, '');
    });
  }
});
