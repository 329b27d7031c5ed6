import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, UsageError } from '../../../scripts/peers/options.ts';
import { SCENARIOS } from '../../../scripts/peers/scenarios.ts';

test('without options: every scenario and client, enough rounds for a 95 % interval', () => {
  const options = readOptions([]);
  assert.equal(options.scenarios.length, SCENARIOS.length);
  assert.equal(options.clients.length, 6);
  assert.equal(options.rounds, 6);
  assert.equal(options.bootstrapServers, null);
});

test('lists by comma and by repeating the option', () => {
  const options = readOptions([
    '--scenario',
    '100b,1kib',
    '--scenario',
    '100b-zstd',
    '--clients',
    'java,tidemark',
  ]);
  assert.deepEqual(
    options.scenarios.map(({ name }) => name),
    ['100b', '1kib', '100b-zstd'],
  );
  assert.deepEqual(options.clients, ['tidemark', 'java']);
});

test('the smoke is one round of one scenario, one second per client', () => {
  const options = readOptions(['--smoke']);
  assert.deepEqual(
    options.scenarios.map(({ name }) => name),
    ['100b'],
  );
  assert.equal(options.rounds, 1);
  assert.equal(options.windowMs, 1000);
});

for (const [args, message] of [
  [['--rounds', '0'], /--rounds must be a whole number of at least 1, got 0/],
  [['--rounds', '2.5'], /--rounds must be a whole number of at least 1, got 2.5/],
  [['--seconds', 'x'], /--seconds must be a number of at least 0.1, got x/],
  [['--scenario', '10b'], /--scenario must be of 100b, .*got "10b"/],
  [['--clients', 'confluent'], /--clients must be of tidemark, .*got "confluent"/],
  [['--fast'], /--fast/],
] as const) {
  test(`${args.join(' ')} is refused`, () => {
    assert.throws(
      () => readOptions(args),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}
