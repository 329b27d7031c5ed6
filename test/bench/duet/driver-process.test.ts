import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../../../bench/cli-error.ts';
import { type DriverLimits, startDriver } from '../../../bench/duet/driver-process.ts';
import type { DriverSource, Side } from '../../../bench/duet/side.ts';
import type { DriverProcess } from '../../../bench/duet/started-driver.ts';

const FAKE = join(import.meta.dirname, 'fake-driver.mjs');
const LIMITS = { connectMs: 10_000, graceMs: 10_000, finishMs: 10_000, exitMs: 200 };
const LOAD = { recordSizeBytes: 10, poolSize: 4, recordsPerSend: 1, inFlight: 1 };

function sideOf(driver: DriverSource, properties: Record<string, string> = {}): Side {
  return { label: 'mine', description: 'a fake', driver, properties };
}

function start(side: Side, limits: Partial<DriverLimits> = {}, signal = new AbortController().signal) {
  const options = { topic: 't', bootstrapServers: '127.0.0.1:1', partitions: 1, load: LOAD, seed: 1, signal };
  return startDriver(side, { ...options, limits: { ...LIMITS, ...limits } });
}

function fake(mode: string): Side {
  const command = [process.execPath, FAKE, mode];
  return sideOf({ kind: 'command', directory: import.meta.dirname, command });
}

async function failureOf(promise: Promise<unknown>): Promise<CliError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CliError, String(error));
  return error;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // An orphan that has ended stays in the table until whoever inherited it looks.
    return !existsSync('/proc/self/stat') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let look = 0; isAlive(pid); look++) {
    assert.ok(look < 200, `process ${pid} is still there`);
    await delay(10);
  }
}

describe('a driver that is a command', { concurrency: 4 }, () => {
  it('answers segment by segment, and ends', async () => {
    const driver = await start(fake('well'));
    assert.equal((await driver.closed(20)).records, 1000);
    const open = await driver.open(20, 1000);
    assert.deepEqual([open.records, open.latencyNs?.p99], [20, 3]);
    assert.deepEqual(await driver.finish(), { acknowledged: 1020 });
    assert.equal((await failureOf(driver.closed(20))).exitCode, 3);
  });

  const startless: readonly (readonly [string, string, RegExp, Partial<DriverLimits>])[] = [
    ['ends at once', 'dies-at-once', /ended with exit code 3\n.*\n {2}\| first words/, {}],
    ['says why', 'says-why', /it says: no route to broker\n.*\n {2}\| stack of it all/, {}],
    ['hangs at connect', 'hangs-at-connect', /did not answer 'connect' within 300 ms/, { connectMs: 300 }],
    ['answers something else', 'wrong-answer', /'finished' where 'ready' was expected/, {}],
  ];
  for (const [what, mode, message, limits] of startless) {
    it(`and ${what} does not start: exit 4, its output shown`, async () => {
      const error = await failureOf(start(fake(mode), limits));
      assert.equal(error.exitCode, 4);
      assert.match(error.message, /^the driver of mine does not start: /);
      assert.match(error.message, message);
    });
  }

  it('and is not there does not start', async () => {
    const gone = sideOf({ kind: 'command', directory: import.meta.dirname, command: ['/no/such/program'] });
    const error = await failureOf(start(gone));
    assert.equal(error.exitCode, 4);
    assert.match(error.message, /cannot be run in .*ENOENT/);
  });

  const failing: readonly (readonly [string, string, RegExp, Partial<DriverLimits>])[] = [
    ['hangs in a segment', 'hangs', /did not answer 'closed' within 220 ms/, { graceMs: 200 }],
    ['dies', 'dies', /exit code 7\n(.*\n)*( {2}\| (about to fall|cannot go on)\n?){2}/, {}],
    ['dies, its children holding on to its output', 'grandchildren-left', /ended with exit code 7/, {}],
    ['counts below zero', 'negative', /its answer is wrong: records is -5, not a count/, {}],
    ['claims to be too fast', 'too-fast', /1000 records in 0.0 ms, and was asked to produce for 20 ms/, {}],
  ];
  for (const [what, mode, message, limits] of failing) {
    it(`and ${what} has failed: exit 3`, async () => {
      const driver = await start(fake(mode), limits);
      const error = await failureOf(driver.closed(20));
      assert.equal(error.exitCode, 3);
      assert.match(error.message, /^the driver of mine failed: /);
      assert.match(error.message, message);
      assert.equal(await failureOf(driver.finish()), error);
    });
  }

  const failingLater: readonly (readonly [string, string, RegExp, Partial<DriverLimits>])[] = [
    [
      'answers twice',
      'answers-twice',
      /answered 'segment' (without being asked|where 'finished' was expected)/,
      {},
    ],
    ['dies between two segments', 'dies-between', /ended with exit code 9/, {}],
    ['counts less in all than before', 'counts-less', /999 records in all, and 1000 in its segments/, {}],
    ['hangs at the end', 'hangs-at-finish', /did not answer 'finish' within 200 ms/, { finishMs: 200 }],
  ];
  for (const [what, mode, message, limits] of failingLater) {
    it(`and ${what} has failed: exit 3`, async () => {
      const driver = await start(fake(mode), limits);
      await driver.closed(20);
      if (mode === 'dies-between') await delay(150);
      const error = await failureOf(driver.finish());
      assert.equal(error.exitCode, 3);
      assert.match(error.message, message);
    });
  }

  it('may print what it likes beside its answers', async () => {
    const driver = await start(fake('garbage'));
    await driver.closed(20);
    assert.deepEqual(await driver.finish(), { acknowledged: 1000 });
    assert.match(driver.output(), /\{"type":"log"\}\n\[\]\nnull\n\{\}\n/);
  });

  it('may print 100 MB: a few lines are kept', async () => {
    const driver = await start(fake('floods'));
    assert.ok(driver.output().length < 20_000);
    driver.kill();
  });

  it('is killed when it stays after its last answer, with whatever it started', async () => {
    const staying = await start(fake('stays'));
    await staying.closed(20);
    assert.deepEqual(await staying.finish(), { acknowledged: 1000 });
    for (const end of [
      (driver: DriverProcess) => driver.kill(),
      (driver: DriverProcess) => driver.finish(),
    ]) {
      const driver = await start(fake('grandchildren'));
      const grandchild = Number(/grandchild (\d+)/.exec(driver.output())![1]);
      assert.ok(isAlive(grandchild));
      await end(driver);
      await untilGone(grandchild);
    }
  });

  it('ends when the signal aborts: exit 130', async () => {
    const aborting = new AbortController();
    const driver = await start(fake('hangs'), {}, aborting.signal);
    const segment = failureOf(driver.closed(20));
    aborting.abort();
    assert.equal((await segment).exitCode, 130);
    assert.equal((await failureOf(start(fake('well'), {}, aborting.signal))).exitCode, 130);
  });
});

describe('a driver that is a module', { concurrency: 4 }, () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'tidemark-driver-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  function moduleOf(name: string, text: string, properties: Record<string, string> = {}): Side {
    const path = join(directory, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return sideOf({ kind: 'module', directory, path }, properties);
  }

  const CLIENT = `{ send: async () => new Promise((resolve) => setTimeout(resolve, 2)), close: async () => {} }`;

  it('is driven in TypeScript, prints what it likes, and is told its properties', async () => {
    const text = `
      interface Given { readonly topic: string; readonly properties: Record<string, string> }
      console.log('{"type":"ready"}');
      process.stdout.write('half a line');
      export default { connect: async (given: Given) => { console.log('acks', given.properties['acks'], given.topic); return ${CLIENT}; } };`;
    const driver = await start(moduleOf('typed.ts', text, { acks: '1' }));
    const { records, wallNs, cpuNs } = await driver.closed(30);
    assert.ok(records >= 2 && wallNs >= 30e6 && cpuNs! > 0);
    assert.equal((await driver.open(20, 100)).records, 2);
    const { acknowledged } = await driver.finish();
    // One goes ahead at the start.
    assert.equal(acknowledged, records + 2 + 1);
    assert.match(driver.output(), /acks 1 t/);
  });

  it('is told properties of any length, such as certificates', async () => {
    const text = `
      export default { connect: async ({ properties }) => {
        console.log('certificates of', properties['ssl.truststore.certificates'].length);
        return ${CLIENT};
      } };`;
    const certificates = 'MIIB'.repeat(50_000);
    const driver = await start(moduleOf('long.mjs', text, { 'ssl.truststore.certificates': certificates }));
    await driver.finish();
    assert.match(driver.output(), /certificates of 200000/);
  });

  it('finds libraries where it is used, and may be TypeScript in an installed package', async () => {
    const client = `export const wait: number = 1; export const client = ${CLIENT};`;
    moduleOf('project/node_modules/lib/index.ts', client);
    moduleOf(
      'project/node_modules/lib/package.json',
      '{"name":"lib","type":"module","exports":"./index.ts"}',
    );
    const outside = moduleOf(
      'driver.mjs',
      `import { client } from 'lib'; export default { connect: async () => client };`,
    );
    const { path } = outside.driver as { path: string };
    const driver = await start(sideOf({ kind: 'module', directory: join(directory, 'project'), path }));
    assert.ok((await driver.closed(20)).records > 0);
    driver.kill();
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['does not load', `import './missing.mjs';`, /Cannot find module .*missing\.mjs/],
    ['does not parse', `export default {;`, /Unexpected token/],
    [
      'exports nothing',
      `export const connect = 1;`,
      /no default export, expected `export default \{ connect \}`/,
    ],
    ['exports no connect', `export default { start() {} };`, /no function connect/],
    [
      'makes a client without send',
      `export default { connect: async () => ({ close() {} }) };`,
      /without a function send/,
    ],
    ['makes no client', `export default { connect: async () => {} };`, /without a function send/],
    [
      'cannot connect',
      `export default { connect: async () => { throw new Error('no broker, hunter22') } };`,
      /no broker, \[hidden\]/,
    ],
    [
      'refuses its first record',
      `export default { connect: async () => ({ send: () => Promise.reject(new Error('denied')), close() {} }) };`,
      /it says: denied/,
    ],
    [
      'sends without a promise',
      `export default { connect: async () => ({ send() {}, close() {} }) };`,
      /send\(\) must return a promise/,
    ],
    ['ends the process', `process.exit(5);`, /exit code 5/],
  ];
  for (const [index, [what, text, message]] of wrong.entries()) {
    it(`and ${what} does not start: exit 4`, async () => {
      const side = moduleOf(`wrong-${index}.mjs`, text, { 'sasl.jaas.config': 'password="hunter22"' });
      const error = await failureOf(start(side));
      assert.equal(error.exitCode, 4, error.message);
      assert.match(error.message, message);
    });
  }

  it('and fails in a segment has failed: exit 3', async () => {
    const text = `let sends = 0; export default { connect: async () => ({
      send: async () => { if (++sends > 2) throw new Error('broker is gone'); }, close() {} }) };`;
    const driver = await start(moduleOf('failing.mjs', text));
    const error = await failureOf(driver.closed(20));
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /broker is gone/);
  });

  it('and does not close ends nevertheless', async () => {
    const text = `export default { connect: async () => ({ send: async () => {}, close: () => Promise.reject(new Error('stuck')) }) };`;
    const driver = await start(moduleOf('closing.mjs', text));
    assert.deepEqual(await driver.finish(), { acknowledged: 1 });
    assert.match(driver.output(), /the client did not close: Error: stuck/);
  });

  it('is gone when whoever started it was killed', async () => {
    const side = moduleOf(
      'orphan.mjs',
      `console.log('pid', process.pid); export default { connect: async () => (${CLIENT}) };`,
    );
    const script = join(directory, 'parent.ts');
    const process_ = JSON.stringify(join(import.meta.dirname, '../../../bench/duet/driver-process.ts'));
    writeFileSync(
      script,
      `
      import { startDriver } from ${process_};
      const driver = await startDriver(${JSON.stringify(side)}, { topic: 't', bootstrapServers: '127.0.0.1:1', partitions: 1,
        load: ${JSON.stringify(LOAD)}, seed: 1, signal: new AbortController().signal });
      console.log(driver.output());
      setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    for await (const chunk of parent.stdout) {
      printed += chunk;
      if (/pid \d+\n/.test(printed)) break;
    }
    const pid = Number(/pid (\d+)/.exec(printed)![1]);
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await untilGone(pid);
  });

  it('is gone, and so are temporary directories, when whoever started it ends at once', async () => {
    const [processFile, directoryFile] = ['driver-process.ts', 'sources/temporary-directory.ts'].map((name) =>
      JSON.stringify(join(import.meta.dirname, '../../../bench/duet', name)),
    );
    const script = join(directory, 'leaving.ts');
    writeFileSync(
      script,
      `
      import { startDriver } from ${processFile};
      import { makeTemporaryDirectory } from ${directoryFile};
      const made = makeTemporaryDirectory().path;
      const options = { topic: 't', bootstrapServers: '', partitions: 1, load: ${JSON.stringify(LOAD)}, seed: 1 };
      const driver = await startDriver(${JSON.stringify(fake('grandchildren'))}, { ...options, signal: new AbortController().signal });
      process.stdout.write(made + '\\n' + driver.output(), () => process.exit(0));`,
    );
    const { stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    const [made, grandchild] = stdout.split('\ngrandchild ');
    await untilGone(Number(grandchild));
    assert.ok(made !== '' && !existsSync(made!), stdout);
  });
});
