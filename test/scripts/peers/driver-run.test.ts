import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFigures } from '../../../scripts/peers/driver-run.ts';

const FIGURES = {
  version: '1.0',
  acknowledged: 5,
  records: 4,
  seconds: 2,
  cpuSeconds: 1,
  settings: { acks: '1' },
};

test('the last line of the output is the answer, whatever a library printed before', () => {
  assert.deepEqual(parseFigures(`connected\n${JSON.stringify(FIGURES)}\n`), FIGURES);
});

test('output without an answer is refused with what was there instead', () => {
  assert.throws(() => parseFigures('Segmentation fault\n'), /no line of JSON .*Segmentation fault/);
  assert.throws(() => parseFigures(''), /no line of JSON/);
});

for (const name of ['acknowledged', 'records', 'seconds', 'cpuSeconds'] as const) {
  test(`an answer whose ${name} is 0 or missing is refused`, () => {
    assert.throws(() => parseFigures(JSON.stringify({ ...FIGURES, [name]: 0 })), new RegExp(`no ${name}`));
    assert.throws(
      () => parseFigures(JSON.stringify({ ...FIGURES, [name]: undefined })),
      new RegExp(`no ${name}`),
    );
  });
}
