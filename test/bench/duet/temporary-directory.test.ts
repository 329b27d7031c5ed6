import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { test } from 'node:test';
import { makeTemporaryDirectory } from '../../../bench/duet/sources/temporary-directory.ts';

test('a temporary directory is gone after release, which may be called twice', async () => {
  const { path, release } = makeTemporaryDirectory();
  assert.ok(existsSync(path));
  await release();
  assert.ok(!existsSync(path));
  await release();
});

test('one that cannot be removed does not take the place of what was measured', async (t) => {
  const { path, release } = makeTemporaryDirectory();
  t.after(() => rmSync(path, { recursive: true }));
  t.mock.method(promises, 'rm', () => Promise.reject(new Error('EACCES: permission denied')));
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  await release();
  assert.ok(existsSync(path));
});
