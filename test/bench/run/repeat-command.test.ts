import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatCommand } from '../../../bench/run/repeat-command.ts';

test('what is measured is repeated, with its seed; where it went is not, nor is a line added to a history', () => {
  const argv = ['check', '--base', 'git:main', '--history', 'h.ndjson', '--out=here', '--json', '--quiet'];
  assert.equal(repeatCommand(argv, 7, {}), 'tidemark check --base git:main --seed 7');
});

test('a seed that was given stays, and a secret is hidden', () => {
  const argv = [
    'run',
    'acks',
    '--seed',
    '3',
    '--producer-property',
    'ssl.key.password=s3cret',
    '--set=acks=1',
  ];
  assert.equal(
    repeatCommand(argv, 3, {}),
    "tidemark run acks --seed 3 --producer-property 'ssl.key.password=[hidden]' --set=acks=1",
  );
});
