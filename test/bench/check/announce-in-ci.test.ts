import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { announceInCi, announceNoVerdictInCi } from '../../../bench/check/announce-in-ci.ts';
import { CliError } from '../../../bench/cli-error.ts';
import { invented } from '../../reports/history/history-fixture.ts';
import { fakeCli } from '../fake-cli.ts';

function announce(context: TestContext, replaced: Record<string, string> = {}) {
  const { directory } = fakeCli(context);
  const files = { summary: join(directory, 'summary'), output: join(directory, 'output') };
  const written = { stderr: '' };
  const stderr = { isTerminal: false, columns: 80, write: (text: string) => (written.stderr += text) };
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_OUTPUT: files.output,
    ...replaced,
  };
  writeFileSync(files.summary, 'before\n');
  announceInCi({ env, stderr }, invented(0.003));
  return { ...files, stderr: written.stderr };
}

describe('a check inside GitHub Actions', () => {
  it('adds to the summary, gives the outputs of the step, and annotates on stderr', (context) => {
    const { summary, output, stderr } = announce(context);
    assert.match(readFileSync(summary, 'utf8'), /^before\n### ✅ Tidemark: no regression/);
    assert.equal(
      readFileSync(output, 'utf8'),
      'verdict=no regression\nmetric=cpuNsPerRecord\nchange=0.003\nlow=-0.014000000000000002\nhigh=0.02\nsessions=8\ndetectable=0.041\n',
    );
    assert.match(stderr, /^::notice title=/);
  });

  it('goes on where a file cannot be written', (context) => {
    const { stderr } = announce(context, { GITHUB_STEP_SUMMARY: '/', GITHUB_OUTPUT: '' });
    assert.match(stderr, /tidemark: GITHUB_STEP_SUMMARY: /);
  });

  it('that comes to no verdict is an error with its reason, which is no markup; one that was stopped is none', (context) => {
    const { directory } = fakeCli(context);
    const summary = join(directory, 'summary');
    const said: string[] = [];
    const stderr = { isTerminal: false, columns: 80, write: (text: string) => void said.push(text) };
    const io = { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }, stderr };
    announceNoVerdictInCi(io, new CliError('interrupted', 130));
    assert.deepEqual(said, []);
    announceNoVerdictInCi(io, new CliError('base does not build: 100 %\n  | ```<b>', 4));
    assert.deepEqual(said, [
      '::error title=Tidemark%3A no verdict::base does not build: 100 %25%0A  | ```<b>\n',
    ]);
    assert.equal(
      readFileSync(summary, 'utf8'),
      '### ❗ Tidemark: no verdict\n\n    base does not build: 100 %\n      | ```<b>\n\n',
    );
    announceNoVerdictInCi({ ...io, env: {} }, new CliError('x', 4));
    assert.equal(said.length, 1);
  });

  it('annotates nothing elsewhere, and writes where files are named', (context) => {
    const { summary, stderr } = announce(context, { GITHUB_ACTIONS: '' });
    assert.match(readFileSync(summary, 'utf8'), /^before\n### ✅ Tidemark/);
    assert.equal(stderr, '');
    const none = announce(context, { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITHUB_OUTPUT: '' });
    assert.equal(readFileSync(none.summary, 'utf8'), 'before\n');
    assert.equal(none.stderr, '');
  });
});
