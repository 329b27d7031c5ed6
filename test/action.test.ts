import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type ActionFile, type RanAction, readAction, runAction } from '../scripts/check-action/run-steps.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const action = readAction(join(root, 'action.yml'));

/** The action with a stand-in for Node that notes its arguments, in a repository of two commits. */
function run(
  context: TestContext,
  {
    inputs = {},
    env = {},
    code = 0,
  }: { inputs?: Record<string, string>; env?: Record<string, string>; code?: number } = {},
): RanAction & { readonly arguments: readonly string[]; readonly commits: readonly string[] } {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-action-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const workspace = join(directory, 'project');
  const bin = join(directory, 'bin');
  mkdirSync(workspace);
  mkdirSync(bin);
  const git = (...args: readonly string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=n', '-c', 'user.email=e@example.com', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd: workspace,
        encoding: 'utf8',
      },
    ).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('commit', '--quiet', '--allow-empty', '-m', 'one');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('commit', '--quiet', '--allow-empty', '-m', 'two');
  const noted = join(directory, 'arguments');
  const stand = `#!/bin/bash\nprintf '%s\\n' "$@" > '${noted}'\necho "verdict=regression" >> "$GITHUB_OUTPUT"\nexit ${code}\n`;
  writeFileSync(join(bin, 'node'), stand);
  chmodSync(join(bin, 'node'), 0o755);
  const ran = runAction(action, {
    inputs,
    workspace,
    actionPath: root,
    temporary: join(directory, 'temporary'),
    env: { PATH: `${bin}:${process.env['PATH']}`, GITHUB_RUN_ID: '7', GITHUB_BASE_REF: '', ...env },
  });
  return {
    ...ran,
    arguments: existsSync(noted) ? readFileSync(noted, 'utf8').trimEnd().split('\n') : [],
    commits: git('rev-list', 'HEAD').split('\n'),
  };
}

describe('the action', () => {
  it('is a composite action whose scripts bash can read, and that put no input into a script', () => {
    assert.equal(action.runs.using, 'composite');
    for (const step of action.runs.steps) {
      if (step.run === undefined) continue;
      assert.equal(step.shell, 'bash');
      assert.doesNotMatch(step.run, /\$\{\{/, 'an input in a script would be run');
      const parsed = spawnSync('bash', ['-n'], { input: step.run, encoding: 'utf8' });
      assert.equal(parsed.stderr, '');
    }
  });

  it('uses every input that it takes, and every input that it uses is one', () => {
    const used = JSON.stringify(action.runs)
      .match(/inputs\.[\w-]+/g)!
      .map((name) => name.slice('inputs.'.length));
    assert.deepEqual([...new Set(used)].sort(), Object.keys(action.inputs).sort());
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      assert.ok(description.length > 10);
    }
  });

  it('checks against the commit before, or the merge base of a pull request', (context) => {
    const pushed = run(context);
    const baseOf = (ran: typeof pushed): string => ran.arguments[ran.arguments.indexOf('--base') + 1]!;
    assert.equal(pushed.exitCode, 0, pushed.log);
    assert.equal(baseOf(pushed), `git:${pushed.commits[1]}`);
    const merged = run(context, { env: { GITHUB_BASE_REF: 'main' } });
    assert.equal(baseOf(merged), `git:${merged.commits[1]}`);
  });

  it('says what to do where the base is not in the history', (context) => {
    const ran = run(context, { env: { GITHUB_BASE_REF: 'gone' } });
    assert.equal(ran.exitCode, 4);
    assert.match(ran.log, /^::error .*fetch-depth: 0/m);
    assert.deepEqual(ran.arguments, []);
  });

  it('hands every input on as one argument, whatever is in it', (context) => {
    const ran = run(context, {
      inputs: {
        base: 'npm:0.1.0',
        candidate: 'a b',
        driver: '$(touch no)',
        metric: 'p99',
        margin: '5%',
        gates: 'p(99)<20ms\n\n  \nlost==0\n',
        inconclusive: 'pass',
        history: 'h.ndjson',
        arguments: '--seed\n7',
      },
    });
    const [entry, command, ...rest] = ran.arguments;
    assert.match(entry!, /bench\/main\.ts$/);
    assert.equal(command, 'check');
    const directory = ran.outputs['directory']!;
    assert.deepEqual(rest, [
      ...['--base', 'npm:0.1.0', '--candidate', 'a b', '--out', directory, '--driver', '$(touch no)'],
      ...['--metric', 'p99', '--margin', '5%', '--inconclusive', 'pass', '--history', 'h.ndjson'],
      ...['--gate', 'p(99)<20ms', '--gate', 'lost==0', '--seed', '7'],
    ]);
  });

  it('fails as the check does, and still has its outputs', (context) => {
    const ran = run(context, { code: 99 });
    assert.equal(ran.exitCode, 99);
    assert.equal(ran.outputs['exit-code'], '99');
    assert.equal(ran.outputs['verdict'], 'regression');
    assert.equal(ran.outputs['low'], '');
  });
});

describe('the examples for CI', () => {
  let workflow: {
    jobs: Record<string, { steps: { uses?: string; with?: Record<string, string>; run?: string }[] }>;
  };
  before(() => {
    workflow = parse(readFileSync(join(root, 'docs/ci/github-workflow.yml'), 'utf8'));
  });

  it('give the action only inputs that it has, and the checkout the history that it needs', () => {
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const known: ActionFile['inputs'] = action.inputs;
    const given = steps
      .filter((step) => step.uses?.startsWith('tidemark/'))
      .flatMap((step) => Object.keys(step.with ?? {}));
    assert.ok(given.length > 3);
    assert.deepEqual(
      given.filter((name) => known[name] === undefined),
      [],
    );
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout'));
    assert.ok(checkouts.length === 2 && checkouts.every((step) => Number(step.with?.['fetch-depth']) === 0));
  });

  it('have scripts that bash can read', () => {
    const gitlab = parse(readFileSync(join(root, 'docs/ci/gitlab-ci.yml'), 'utf8')) as {
      tidemark: { script: string[] };
    };
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const scripts = [
      ...steps.flatMap(({ run: script }) => (script === undefined ? [] : [script])),
      ...gitlab.tidemark.script,
    ];
    for (const script of scripts) {
      assert.equal(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr, '', script);
    }
  });
});
