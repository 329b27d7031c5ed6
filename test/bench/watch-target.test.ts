import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { watchTarget } from '../../bench/run/watch-target.ts';

test('a target is gone after three misses in a row, not before', async () => {
  const answers = [true, false, false, true, false, false, false];
  let asked = 0;
  const watch = watchTarget(async () => answers[asked++]!, 1);
  await once(watch.gone, 'abort');
  assert.equal(asked, answers.length);
});

test('a watch that was stopped asks no more and never says gone', async () => {
  let asked = 0;
  const watch = watchTarget(async () => {
    asked++;
    return false;
  }, 1);
  watch.stop();
  await delay(20);
  assert.equal(asked, 0);
  assert.equal(watch.gone.aborted, false);
});
