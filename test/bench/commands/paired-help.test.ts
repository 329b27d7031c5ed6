import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIDE_FORMS } from '../../../bench/duet/resolve-side.ts';
import { gateGrammar } from '../../../bench/gates/gate-options.ts';
import { fakeCli } from '../fake-cli.ts';

const LOAD_OPTIONS = [
  '--record-size',
  '--records-per-send',
  '--in-flight',
  '--partitions',
  '--producer-property',
  '--producer.config',
  '--driver',
  '--build',
  '--bootstrap-server',
  '--seed',
];

for (const command of ['check', 'compare']) {
  test(`${command} --help fits 80 columns, and names the load options and the forms of a side`, async (context) => {
    const cli = fakeCli(context);
    let help = '';
    const write = (text: string): void => {
      help += text;
    };
    const stdout = { isTerminal: true, columns: 80, write };
    assert.equal(await cli.run([command, '--help'], { stdout }), 0);
    assert.deepEqual(
      help.split('\n').filter((line) => line.length > 80),
      [],
    );
    for (const option of LOAD_OPTIONS) assert.ok(help.includes(`\n  ${option} `), option);
    for (const form of SIDE_FORMS.split('\n')) assert.ok(help.includes(form), form);
    assert.equal(help.includes(gateGrammar()), command === 'check');
  });
}
