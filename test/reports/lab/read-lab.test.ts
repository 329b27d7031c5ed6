import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { labJson } from '../../../reports/lab/lab-json.ts';
import { LAB_FILE, readLab } from '../../../reports/lab/read-lab.ts';
import { placedKeys } from './placed-keys.ts';

const directory = mkdtempSync(join(tmpdir(), 'tidemark-lab-'));
after(() => rmSync(directory, { recursive: true }));

test('partitioners.json is read as it was written, and nothing else is taken for one', async () => {
  assert.equal(readLab(directory), null);
  const lab = await placedKeys();
  const text = [...labJson(lab)].join('');
  writeFileSync(join(directory, LAB_FILE), text);
  assert.deepEqual(readLab(directory), JSON.parse(text));
  for (const [content, said] of [
    ['', /partitioners\.json: the placement of keys is empty/],
    [text.slice(0, 200), /cut off or not JSON/],
    ['{"schema": "tidemark.partitioners/9"}', /not made by tidemark partitioners: schema/],
    [text.replace('"maxOverMean"', '"max"'), /strategies\.0\.maxOverMean/],
  ] as const) {
    writeFileSync(join(directory, LAB_FILE), content);
    assert.throws(() => readLab(directory), { kind: 'RESULT', message: said });
  }
});
