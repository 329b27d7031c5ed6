import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findUntidiness } from '../../scripts/tidy.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidemark-tidy-'));
  for (const folder of ['core', 'workers', 'reports', 'bench', 'scripts', 'test'])
    mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('the tree as it stands is tidy', () => {
  assert.deepEqual(findUntidiness(process.cwd()), []);
});

test('an import against the arrow is found', () => {
  write('core/broker/server.ts', 'export const a = 1;\n');
  write('core/producer/sender.ts', "import { a } from '../broker/server.ts';\nexport const b = a;\n");
  const [problem] = findUntidiness(root);
  assert.match(problem ?? '', /core\/producer must not import core\/broker/);
});

test('a ring of imports is found, unless it is of types alone', () => {
  write('core/base/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n");
  write('core/base/b.ts', "import { a } from './a.ts';\nexport const b = () => a;\n");
  assert.match(findUntidiness(root).join('\n'), /import cycle: core\/base\/a.ts -> core\/base\/b.ts/);
  write('core/base/b.ts', "import type { a } from './a.ts';\nexport const b = 1 as unknown as typeof a;\n");
  assert.deepEqual(findUntidiness(root), []);
});

test('the real clock, chance, network and disk are found where they must be handed in', () => {
  write(
    'core/log/segment.ts',
    "import { openSync } from 'node:fs';\nexport const now = () => [Date.now(), openSync];\n",
  );
  write('workers/load.ts', 'export const roll = () => Math.random();\n');
  write('bench/fine.ts', 'export const now = () => Date.now(); // the command line may\n');
  const problems = findUntidiness(root);
  assert.equal(problems.length, 3);
  assert.match(
    problems.join('\n'),
    /segment.ts: touches the real time[\s\S]*segment.ts: touches the real disk[\s\S]*load.ts: touches unseeded chance/,
  );
});

test('long files and names that say nothing are found', () => {
  write('reports/long.ts', 'export {};\n'.repeat(301));
  write('reports/utils.ts', 'export {};\n');
  const problems = findUntidiness(root).join('\n');
  assert.match(problems, /long.ts: 301 lines/);
  assert.match(problems, /utils.ts: the name says nothing/);
});
