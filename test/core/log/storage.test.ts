import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Storage } from '../../../core/base/storage.ts';
import { ChunkPool } from '../../../core/log/chunk-pool.ts';
import { FileStorage } from '../../../core/log/file-storage.ts';
import { MemoryFile } from '../../../core/log/memory-file.ts';
import { MemoryStorage } from '../../../core/log/memory-storage.ts';
import { StorageError } from '../../../core/log/storage-error.ts';

const scratch = mkdtempSync(join(tmpdir(), 'tidemark-storage-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

let roots = 0;
const kinds: [string, () => Storage][] = [
  ['MemoryStorage', () => new MemoryStorage()],
  ['FileStorage', () => new FileStorage(join(scratch, `root-${roots++}`))],
];

const hasCode = (code: string) => (error: unknown) => error instanceof StorageError && error.code === code;

for (const [name, create] of kinds) {
  describe(name, () => {
    it('reads back what was appended, whole appends at a time, and nothing beyond the end', () => {
      const storage = create();
      storage.makeDirectory('a/b');
      const file = storage.open('a/b/data');
      const parts = [1, 4096, 70_000, 3, 2_000_000].map((length, index) => Buffer.alloc(length, index + 1));
      for (const part of parts) file.append(part);
      let position = 0;
      for (const part of parts) {
        assert.ok(file.read(position, part.length).equals(part));
        position += part.length;
      }
      assert.equal(file.sizeBytes, position);
      assert.equal(file.read(position, 10).length, 0);
      assert.equal(file.read(position - 5, 10).length, 5);
      assert.equal(storage.open('a/b/data').sizeBytes, position);
    });

    it('truncates, and appends from there', () => {
      const file = create().open('data');
      file.append(Buffer.from('hello '));
      file.append(Buffer.from('world'));
      file.truncate(8);
      file.append(Buffer.from('!'));
      const read = [file.read(0, 6), file.read(6, 2), file.read(8, 9)];
      assert.equal(Buffer.concat(read).toString(), 'hello wo!');
      file.truncate(0);
      assert.equal(file.sizeBytes, 0);
    });

    it('lists sorted names, replaces by renaming, and removes trees', () => {
      const storage = create();
      storage.makeDirectory('t/sub');
      for (const path of ['t/b', 't/a', 't/sub/c']) storage.open(path).append(Buffer.from(path));
      assert.deepEqual(storage.list('t'), ['a', 'b', 'sub']);
      storage.rename('t/a', 't/b');
      assert.deepEqual(storage.list('t'), ['b', 'sub']);
      assert.equal(storage.open('t/b').read(0, 10).toString(), 't/a');
      storage.syncDirectory('t');
      storage.remove('t');
      storage.remove('t');
      assert.deepEqual(
        [storage.exists('t/sub/c'), storage.exists('t'), storage.list('t')],
        [false, false, []],
      );
    });

    it('refuses paths that lead out of its root', () => {
      const storage = create();
      for (const path of ['../x', 'a/../../x', '/etc/x', 'a\\..\\x', 'C:/x', 'a\0b']) {
        assert.throws(() => storage.open(path), hasCode('EINVAL'), path);
        assert.throws(() => storage.remove(path), hasCode('EINVAL'), path);
      }
      assert.throws(() => storage.remove('.'), hasCode('EINVAL'));
    });

    it('says so when a directory is missing', () => {
      assert.throws(() => create().open('nowhere/file'), hasCode('ENOENT'));
    });

    it('syncs in the background and says when, even when the file is closed meanwhile', async () => {
      const file = create().open('data');
      file.append(Buffer.from('x'));
      const error = await new Promise((resolve) => {
        file.syncInBackground(resolve);
        file.close();
      });
      assert.equal(error, null);
    });
  });
}

describe('MemoryFile', () => {
  it('keeps each append contiguous, whatever stood before it', () => {
    const file = new MemoryFile('f', new ChunkPool());
    let position = 0;
    for (let index = 0; index < 200; index++) {
      const length = 1 + ((index * 7919) % 30_000);
      file.append(Buffer.alloc(length, index));
      assert.equal(file.read(position, length).length, length);
      position += length;
    }
  });

  it('gives memory that nobody reads to the next file at once', () => {
    const pool = new ChunkPool();
    const first = new MemoryFile('first', pool);
    first.append(Buffer.alloc(100_000));
    first.discard();
    assert.equal(pool.freeBytes, 131_072);
    const read = new MemoryFile('read', pool);
    read.append(Buffer.alloc(100_000, 7));
    assert.equal(pool.freeBytes, 0);
    const view = read.read(0, 100_000);
    read.discard();
    assert.throws(() => read.read(0, 1), hasCode('ENOENT'));
    const next = new MemoryFile('next', pool);
    next.append(Buffer.alloc(100_000, 9));
    assert.ok(
      view.every((byte) => byte === 9),
      'the same memory',
    );
  });

  it('leaves memory that was read alone until the readers of that time have ended', () => {
    const pool = new ChunkPool();
    const [early, late] = [{}, {}];
    const read = new MemoryFile('read', pool);
    read.append(Buffer.alloc(100_000, 7));
    pool.views.hold(early);
    const view = read.read(0, 100_000);
    read.discard();
    pool.views.hold(late);
    new MemoryFile('second', pool).append(Buffer.alloc(100_000, 9));
    assert.ok(
      view.every((byte) => byte === 7),
      'an early reader holds it',
    );
    pool.views.release(early);
    new MemoryFile('third', pool).append(Buffer.alloc(100_000, 9));
    assert.ok(
      view.every((byte) => byte === 9),
      'a later reader never saw it',
    );
  });

  it('does not overwrite what a reader holds after a truncation', () => {
    const file = new MemoryFile('f', new ChunkPool());
    file.append(Buffer.from('abcdef'));
    const view = file.read(0, 6);
    file.truncate(3);
    file.append(Buffer.from('xyz'));
    assert.equal(view.toString(), 'abcdef');
    assert.equal(Buffer.concat([file.read(0, 3), file.read(3, 3)]).toString(), 'abcxyz');
  });

  it('keeps no more free memory than its bound, and takes little for little', () => {
    const pool = new ChunkPool(1_000_000);
    const files = Array.from({ length: 12 }, () => new MemoryFile('f', pool));
    for (const file of files) for (let count = 0; count < 100; count++) file.append(Buffer.alloc(5000));
    for (const file of files) file.discard();
    assert.ok(pool.freeBytes <= 1_000_000 && pool.freeBytes > 500_000);
    assert.equal(new ChunkPool().take(10, 10).length, 4096);
  });
});

describe('the lock of a data directory', () => {
  it('refuses a second holder, naming the process, until the first gives it back', () => {
    const root = join(scratch, 'locked');
    const first = new FileStorage(root);
    const message = new RegExp(`${root} is in use by process ${process.pid}`);
    assert.throws(() => new FileStorage(root), message);
    assert.throws(() => new FileStorage(root), hasCode('ELOCKED'));
    first.close();
    first.close();
    new FileStorage(root).close();
    assert.equal(existsSync(join(root, '.lock')), false);
  });

  it('refuses a directory that another living process holds', () => {
    const root = join(scratch, 'foreign');
    const storage = new FileStorage(root);
    const module = new URL('../../../core/log/file-storage.ts', import.meta.url).href;
    const script = `import { FileStorage } from ${JSON.stringify(module)};
      try { new FileStorage(${JSON.stringify(root)}); } catch (error) { console.log(error.code); }`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.equal(child.stdout.trim(), 'ELOCKED', child.stderr);
    storage.close();
  });

  it('takes over from a process that died, and from a torn lock file', () => {
    const root = join(scratch, 'stale');
    new FileStorage(root).close();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    // The last one is this process's number with another start: a later process got the number of a dead one.
    for (const text of [`${dead} 1\n`, '', 'garbage', `${process.pid} 1\n`]) {
      writeFileSync(join(root, '.lock'), text);
      const storage = new FileStorage(root);
      assert.match(readFileSync(join(root, '.lock'), 'utf8'), new RegExp(`^${process.pid} `));
      storage.close();
    }
  });

  it('takes over from a process that was killed and is not buried yet', {
    skip: process.platform !== 'linux',
  }, async (t) => {
    const root = join(scratch, 'zombie');
    new FileStorage(root).close();
    // The shell becomes sleep, which never asks after the child that the shell left it.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    t.after(() => parent.kill('SIGKILL'));
    const [line] = await once(parent.stdout, 'data');
    const zombie = Number(String(line));
    const stateOf = (): string => readFileSync(`/proc/${zombie}/stat`, 'latin1').split(') ')[1]![0]!;
    while (stateOf() !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
    const started = readFileSync(`/proc/${zombie}/stat`, 'latin1').split(') ')[1]!.split(' ')[19];
    writeFileSync(join(root, '.lock'), `${zombie} ${started}\n`);
    new FileStorage(root).close();
  });
});
