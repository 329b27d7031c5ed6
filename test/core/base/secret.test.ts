import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Secret } from '../../../core/base/secret.ts';

test('a secret gives its text to reveal() alone', () => {
  const secret = new Secret('s3cr3t');
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, depth: null }),
    Object.values(secret).join(),
  ];
  assert.equal(secret.reveal(), 's3cr3t');
  for (const text of shown) assert.ok(!text.includes('s3cr3t'), text);
  assert.equal(String(secret), '[hidden]');
  assert.equal(JSON.stringify(secret), '"[hidden]"');
});

test('a secret that was cloned into another thread is gone rather than shown', () => {
  assert.deepEqual(structuredClone(new Secret('s3cr3t')), {});
});
