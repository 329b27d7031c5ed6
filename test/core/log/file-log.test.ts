import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { realClock } from '../../../core/base/real-clock.ts';
import { FileStorage } from '../../../core/log/file-storage.ts';
import { PartitionLog } from '../../../core/log/partition-log.ts';
import { makeBatch, recordsOf, testConfig } from './log-fixture.ts';

const scratch = mkdtempSync(join(tmpdir(), 'tidemark-file-log-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

function openIn(root: string) {
  const storage = new FileStorage(root);
  const config = testConfig({ segmentBytes: 100_000, indexIntervalBytes: 4096 });
  return { storage, log: PartitionLog.open({ storage, directory: 'b1/t-0', config, clock: realClock }) };
}

/** A module that opens the log as above and then runs `body`. */
function program(root: string, body: string): string {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  return `import { FileStorage } from ${url('../../../core/log/file-storage.ts')};
    import { PartitionLog } from ${url('../../../core/log/partition-log.ts')};
    import { realClock } from ${url('../../../core/base/real-clock.ts')};
    import { makeBatch, testConfig } from ${url('./log-fixture.ts')};
    const storage = new FileStorage(${JSON.stringify(root)});
    const config = testConfig({ segmentBytes: 100_000, indexIntervalBytes: 4096 });
    const log = PartitionLog.open({ storage, directory: 'b1/t-0', config, clock: realClock });
    ${body}`;
}

const NODE_ARGUMENTS = ['--input-type=module', '-e'];

describe('a log in files', () => {
  it('is there again after it was closed, over many segments', () => {
    const first = openIn(join(scratch, 'reopened'));
    for (let index = 0; index < 500; index++)
      first.log.append(makeBatch([1000 + index], { valueBytes: 1000 }), 3);
    first.log.close();
    first.storage.close();
    const { log, storage } = openIn(join(scratch, 'reopened'));
    assert.deepEqual([log.damage, log.endOffset, log.segmentCount > 4], [null, 500, true]);
    const records: [number, number, string][] = [];
    while (records.length < 500) records.push(...recordsOf(log.read(records.length, 50_000)));
    assert.ok(records.every(([offset, timestamp], index) => offset === index && timestamp === 1000 + index));
    assert.deepEqual(log.offsetForTimestamp(1321), { offset: 321, timestampMs: 1321 });
    log.delete();
    assert.equal(storage.exists('b1/t-0'), false);
    storage.close();
  });

  it('holds after kill -9 all that was appended before, and the directory is free', async () => {
    const root = join(scratch, 'killed');
    const body = `for (let index = 0; ; index++) {
      log.append(makeBatch([index], { valueBytes: 700 }), 0);
      if (index % 50 === 49) await new Promise((done) => process.stdout.write(index + '\\n', done));
    }`;
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, program(root, body)]);
    let said = '';
    for await (const chunk of child.stdout) {
      said += chunk;
      if (said.length > 2000) break;
    }
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const announced = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
    const { log, storage } = openIn(root);
    assert.ok(log.endOffset > announced, `${log.endOffset} after ${announced}`);
    assert.ok(announced > 200);
    log.close();
    storage.close();
  });

  it('cuts off what a write that failed half way left', () => {
    const root = join(scratch, 'limited');
    // The system refuses to let a file grow beyond the limit, in the middle of a write.
    const body = `let failure;
      while (failure === undefined) {
        try { log.append(makeBatch([1], { valueBytes: 7000 }), 0); } catch (error) { failure = error; }
      }
      const size = storage.open('b1/t-0/' + '0'.repeat(20) + '.log').sizeBytes;
      console.log(JSON.stringify([failure.kind, failure.cause.code, size === log.sizeBytes, log.read(0, 1).length]));`;
    const limited = spawnSync(
      'sh',
      [
        '-c',
        'trap "" XFSZ; ulimit -f 100; exec "$@"',
        'sh',
        process.execPath,
        ...NODE_ARGUMENTS,
        program(root, body),
      ],
      { encoding: 'utf8' },
    );
    assert.equal(limited.stdout.trim(), '["KAFKA_STORAGE_ERROR","EFBIG",true,1]', limited.stderr);
  });
});
