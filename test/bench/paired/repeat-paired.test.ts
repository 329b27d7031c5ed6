import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairedCommand } from '../../../bench/paired/repeat-paired.ts';

test('the command that repeats a check shows properties that name a side as their label does', () => {
  const command = pairedCommand({
    argv: ['check', '--base', 'sasl.jaas.config=hunter2', '--candidate=ssl.key.password=hunter2', '--json'],
    seed: 5,
    env: {},
    sides: {
      base: { label: 'sasl.jaas.config=[hidden]' },
      candidate: { label: 'ssl.key.password=[hidden]' },
    },
  });
  assert.equal(
    command,
    "tidemark check --base 'sasl.jaas.config=[hidden]' '--candidate=ssl.key.password=[hidden]' --seed 5",
  );
});
