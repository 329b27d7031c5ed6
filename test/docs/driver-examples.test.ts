import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { startDriver } from '../../bench/duet/driver-process.ts';
import { resolveSide } from '../../bench/duet/resolve-side.ts';
import { type DuetTarget, openDuetTarget } from '../../bench/duet/session-target.ts';

const FOLDER = 'docs/examples/drivers';
const PARTITIONS = 2;
const LOAD = { recordSizeBytes: 100, poolSize: 100, recordsPerSend: 20, inFlight: 100, keyCount: 10 };

/** How a user names each; every example is here, or the test fails. */
const NAMED: Readonly<Record<string, { readonly side: string; readonly driver?: string }>> = {
  'kafkajs.ts': { side: 'client:kafkajs' },
  'platformatic.ts': { side: 'client:@platformatic/kafka' },
  'settings.ts': { side: '.', driver: `${FOLDER}/settings.ts` },
  'plain-node.mjs': { side: '.', driver: `node ${FOLDER}/plain-node.mjs` },
};

describe('example drivers', { concurrency: 2 }, () => {
  let target: DuetTarget;
  before(async () => {
    target = await openDuetTarget({
      bootstrapServers: null,
      properties: {},
      onCrash: (error) => assert.fail(error),
    });
  });
  after(() => target.close());

  it('are all run here, and all shown in docs/drivers.md', () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), Object.keys(NAMED).sort());
    const guide = readFileSync('docs/drivers.md', 'utf8');
    for (const file of Object.keys(NAMED)) assert.ok(guide.includes(`examples/drivers/${file}`), file);
  });

  for (const [file, { side: text, driver }] of Object.entries(NAMED)) {
    it(`${file} produces what it says, in closed and open segments`, async () => {
      const { signal } = new AbortController();
      const options = {
        role: 'base',
        workingDirectory: process.cwd(),
        driver,
        onNote: () => {},
        signal,
      } as const;
      const side = await resolveSide(text, options);
      const topic = file.replace(/\W/g, '-');
      await target.createTopic(topic, PARTITIONS);
      const { bootstrapServers } = target;
      const given = { topic, bootstrapServers, partitions: PARTITIONS, load: LOAD, seed: 1, signal };
      const running = await startDriver(side, given);
      const closed = await running.closed(50);
      const open = await running.open(100, 500);
      const { acknowledged } = await running.finish();
      assert.equal(open.records, 50);
      assert.ok(open.latencyNs!.p50 > 0);
      assert.ok(acknowledged >= closed.records + open.records);
      assert.equal(await target.recordsIn(topic, PARTITIONS, acknowledged), acknowledged);
    });
  }

  it('refuse properties that their client does not have', async () => {
    const { signal } = new AbortController();
    const options = { role: 'base', workingDirectory: process.cwd(), onNote: () => {}, signal } as const;
    const side = { ...(await resolveSide('client:kafkajs', options)), properties: { 'linger.ms': '5' } };
    const { bootstrapServers } = target;
    await assert.rejects(
      startDriver(side, { topic: 'none', bootstrapServers, partitions: 1, load: LOAD, seed: 1, signal }),
      /client:kafkajs does not start: it says: kafkajs has no linger\.ms; it has acks, /,
    );
  });
});
