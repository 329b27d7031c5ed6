import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeCli } from '../fake-cli.ts';
import { fakeSession } from '../fake-session.ts';

const RUN = [
  'run',
  'partitioners',
  '--repeats',
  '1',
  '--out',
  'run',
  '--set',
  'partitioner.class=./mine.mjs',
];

test('a run whose partitioner cannot be used ends before anything is started', async (t) => {
  for (const [source, message] of [
    [
      'export const partition = 1;',
      /^tidemark: partitioner\.class=\.\/mine\.mjs has no partition function: /,
    ],
    ['throw new Error("not today");', /partitioner\.class=\.\/mine\.mjs cannot be loaded: not today$/],
    ['process.exit(0);', /cannot be loaded: it calls process\.exit\(\) when it is loaded$/],
  ] as const) {
    const cli = fakeCli(t);
    writeFileSync(join(cli.directory, 'mine.mjs'), source);
    const session = fakeSession();
    assert.equal(await cli.run(RUN, { openSession: session.open }), 2, source);
    assert.match(cli.stderr.trimEnd(), message);
    assert.equal(existsSync(join(cli.directory, 'run')), false);
  }
});

test('a finished run has its reports written again without its partitioner', async (t) => {
  const cli = fakeCli(t);
  const file = join(cli.directory, 'mine.mjs');
  writeFileSync(file, 'export default { partition: () => 0 };\n');
  assert.equal(await cli.run(RUN, { openSession: fakeSession().open }), 0, cli.stderr);
  rmSync(file);
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: fakeSession().open }), 0, cli.stderr);
});
