import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { COMPARISON_FILE, readComparison } from '../../../reports/compare/read-comparison.ts';

function directoryWith(context: TestContext, text: string | null): string {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-comparison-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  if (text !== null) writeFileSync(join(directory, COMPARISON_FILE), text);
  return directory;
}

test('a directory without a comparison holds none', (context) => {
  assert.equal(readComparison(directoryWith(context, null)), null);
});

for (const [what, text, told] of [
  ['an empty file', '', /comparison\.json: the comparison is empty/],
  ['one that was cut off', '{"schema": "tidemark.com', /the comparison is cut off or not JSON/],
  [
    'one of another schema',
    '{"schema": "tidemark.comparison/2"}',
    /not a comparison of tidemark: schema: .*tidemark\.comparison\/1/,
  ],
] as const) {
  test(`${what} is refused with its name`, (context) => {
    assert.throws(() => readComparison(directoryWith(context, text)), told);
  });
}
