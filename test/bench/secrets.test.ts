import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writtenReports } from '../../bench/run/written-reports.ts';
import { revealed } from '../../bench/sweep/run-secrets.ts';
import type { SessionOptions } from '../../bench/trial-session.ts';
import { TidemarkError } from '../../core/base/errors.ts';
import type { Result } from '../../reports/result.ts';
import { type FakeCli, fakeCli } from './fake-cli.ts';
import { type FakeSession, fakeSession } from './fake-session.ts';

const SECRET = 's3cr3tw0rd';
const JAAS = `org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="${SECRET}";`;
const SASL = [
  // Only a real cluster has logins; the sessions here are fakes.
  '--bootstrap-server',
  '127.0.0.1:1',
  '--producer-property',
  'security.protocol=SASL_PLAINTEXT',
  '--producer-property',
  'sasl.mechanism=PLAIN',
];
const WITH_JAAS = ['--producer-property', `sasl.jaas.config=${JAAS}`];

/** Everything that a command left: what it said, and every file under its directory but those named. */
function leftBy(cli: FakeCli, except: readonly string[] = []): string {
  const files = readdirSync(cli.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !except.includes(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  return [cli.stdout, cli.stderr, ...files].join('\n');
}

/** A session that keeps what it was opened with. */
function watched(session: FakeSession): { open: FakeSession['open']; opened: SessionOptions[] } {
  const opened: SessionOptions[] = [];
  return {
    opened,
    open: (options) => {
      opened.push(options);
      return session.open(options);
    },
  };
}

function withFile(context: TestContext, text: string): FakeCli {
  const cli = fakeCli(context);
  writeFileSync(join(cli.directory, 'p.properties'), text);
  return cli;
}

const SUITE = `description: small and quick
target: { kind: embedded, brokers: 1 }
topic: { partitions: 1 }
load: { warmup: 20ms, saturated: 60ms, paced: 60ms, pace: { recordsPerSecond: 1000 } }
producer: { partitioner.class: keyed }
factors: { linger.ms: [5, 0] }
`;

test('everything that a real run writes says [hidden] in place of its secrets', async (t) => {
  const cli = fakeCli(t);
  writeFileSync(join(cli.directory, 'small.yaml'), SUITE);
  const argv = ['run', './small.yaml', '--out', 'run', ...WITH_JAAS];
  assert.equal(await cli.run(argv, { reports: writtenReports }), 0, cli.stderr);
  const left = leftBy(cli);
  assert.ok(left.includes('[hidden]'));
  assert.ok(!left.includes(SECRET));
  const names = readdirSync(join(cli.directory, 'run'));
  for (const name of ['journal.ndjson', 'result.json', 'report.html', 'report.md', 'summary.csv']) {
    assert.ok(names.includes(name), names.join());
  }
});

test('secrets are handed to the session in memory', async (t) => {
  const cli = fakeCli(t);
  const session = watched(fakeSession());
  const argv = ['run', 'acks', '--out', 'run', ...SASL, ...WITH_JAAS];
  assert.equal(await cli.run(argv, { openSession: session.open }), 0);
  const [{ base, secrets }] = session.opened as [SessionOptions];
  assert.equal(base['sasl.jaas.config'], '[hidden]');
  assert.equal(revealed(base, secrets)['sasl.jaas.config'], JAAS);
  assert.equal(revealed(base, secrets)['acks'], base['acks']);
  assert.ok(!leftBy(cli).includes(SECRET));
});

test('the command that repeats a run has [hidden] in place of a secret, however it was given', async (t) => {
  const cli = fakeCli(t);
  const given = [`--producer-property=sasl.jaas.config=${JAAS}`, '--set', `ssl.key.password=${SECRET}`];
  assert.equal(
    await cli.run(['run', 'acks', '--out', 'run', ...given], { openSession: fakeSession().open }),
    0,
  );
  const { command } = JSON.parse(readFileSync(join(cli.directory, 'run', 'result.json'), 'utf8')) as Result;
  assert.match(
    command,
    /'--producer-property=sasl\.jaas\.config=\[hidden\]' --set 'ssl\.key\.password=\[hidden\]'/,
  );
  assert.ok(!leftBy(cli).includes(SECRET));
});

test('a repeated command with [hidden] in it says that the secret belongs there', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await cli.run(['run', '--producer-property', 'sasl.jaas.config=[hidden]']), 2);
  assert.match(cli.stderr, /sasl\.jaas\.config is the text \[hidden\]: put the secret itself there/);
});

test('a run that fails to begin says nothing of its secrets', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({ openError: new TidemarkError('NETWORK', 'no SASL there') });
  const argv = ['run', 'acks', '--out', 'run', ...SASL, ...WITH_JAAS];
  assert.equal(await cli.run(argv, { openSession: session.open }), 4);
  assert.match(cli.stderr, /run --resume run --producer\.config FILE .*sasl\.jaas\.config/);
  assert.ok(!leftBy(cli).includes(SECRET));
});

for (const [argv, says] of [
  [['--producer-property', `sasl.jaas.confg=${JAAS}`], /did you mean sasl\.jaas\.config\?/],
  [['--producer-property', SECRET], /--producer-property: got text without '='/],
  [['--producer-property', `=${SECRET}`], /got nothing before '='/],
  [[`--producer-propertie=sasl.jaas.config=${JAAS}`], /unknown option '--producer-propertie'/],
  [['--set', `ssl.keystore.key=a,${SECRET}`], /ssl\.keystore\.key is a secret, which cannot be varied/],
  [['--set', `ssl.keystore.keyy=a,${SECRET}`], /did you mean ssl\.keystore\.key\?/],
  [['--set', `ssl.keystore.key=,${SECRET}`], /an empty level of ssl\.keystore\.key/],
  [[...SASL, '--producer-property', `sasl.jaas.config=${SECRET} password="${SECRET}`], /sasl\.jaas\.config/],
  [['--producer.config', 'bad.properties'], /bad\.properties:1: malformed/],
  [
    ['--producer.config', 'torn.properties'],
    /torn\.properties:2: no name of a property stands here.*goes on ends in \\/,
  ],
  [['./list.yaml'], /producer\.sasl\.jaas\.config: .*got \[hidden\]/],
  [['./misspelt.yaml'], /producer\.sasl\.jaas\.confg: .*got \[hidden\]/],
  [['./text.yaml'], /producer: .*got "sasl\.jaas\.config=\[hidden\]"/],
  [['./nested.yaml'], /producer: .*got \[\{"sasl\.jaas\.config":"\[hidden\]"\}\]/],
  [['./with.yaml'], /with\.yaml:4: sasl\.jaas\.config is a secret, which cannot be varied/],
] as const) {
  test(`tidemark run ${argv.join(' ').replaceAll(SECRET, 'SECRET').slice(0, 60)} does not repeat the secret`, async (t) => {
    const cli = fakeCli(t);
    const files = {
      'bad.properties': `sasl.jaas.config=${SECRET}\\u12\n`,
      // A blank behind the backslash: the line does not go on.
      'torn.properties': `sasl.jaas.config=required password=\\ \n"${SECRET}";\n`,
      'list.yaml': `description: a\nproducer:\n  sasl.jaas.config: [${SECRET}]\n`,
      'misspelt.yaml': `description: a\nproducer:\n  sasl.jaas.confg: { a: ${SECRET} }\n`,
      'text.yaml': `description: a\nproducer: "sasl.jaas.config=${SECRET}"\n`,
      'nested.yaml': `description: a\nproducer:\n  - sasl.jaas.config: ${SECRET}\n`,
      'with.yaml': `description: a\nfactors:\n  linger.ms:\n    - { value: 1, with: { sasl.jaas.config: ${SECRET} } }\n    - 5\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cli.directory, name), text);
    assert.equal(await cli.run(['run', ...argv], { openSession: fakeSession().open }), 2);
    assert.match(cli.stderr, says);
    assert.ok(!leftBy(cli, Object.keys(files)).includes(SECRET), cli.stderr);
  });
}

async function interrupted(cli: FakeCli, given: readonly string[]): Promise<void> {
  const session = fakeSession({ endOf: ({ level }) => (level === '1' ? 'unreachable' : 'ok') });
  assert.equal(await cli.run(['run', 'acks', '--out', 'run', ...given], { openSession: session.open }), 4);
}

test('a run that goes on needs its secrets again, by either flag, and says which', async (t) => {
  const cli = withFile(t, `sasl.jaas.config=${JAAS}\nlinger.ms=9\n`);
  await interrupted(cli, [...SASL, ...WITH_JAAS]);
  const session = watched(fakeSession());
  const resume = (...argv: string[]) =>
    cli.run(['run', '--resume', 'run', ...argv], { openSession: session.open });

  assert.equal(await resume(), 2);
  assert.match(
    cli.stderr,
    /--resume needs sasl\.jaas\.config again, since secrets are never stored: give it with/,
  );
  assert.equal(await resume('--producer-property', 'linger.ms=9'), 2);
  assert.match(cli.stderr, /got --producer-property linger\.ms too.*sasl\.jaas\.config/);
  assert.equal(session.opened.length, 0);

  assert.equal(await resume('--producer.config', 'p.properties'), 0);
  assert.match(cli.stderr, /of p\.properties only the secrets are read again/);
  assert.equal(session.opened[0]!.secrets.get('sasl.jaas.config')?.reveal(), JAAS);
  // The suite's, as it was planned, not the file's.
  assert.equal(session.opened[0]!.base['linger.ms'], '0');
  assert.ok(!leftBy(cli, ['p.properties']).includes(SECRET));
  // Finished: its reports alone are written again.
  assert.equal(await resume(), 0);
});

test('a run without secrets takes none when it goes on', async (t) => {
  const cli = fakeCli(t);
  await interrupted(cli, []);
  const argv = ['run', '--resume', 'run', '--producer-property', `ssl.key.password=${SECRET}`];
  assert.equal(await cli.run(argv, { openSession: fakeSession().open }), 2);
  assert.match(cli.stderr, /got --producer-property ssl\.key\.password too: leave that out .*it has none/);
  assert.ok(!cli.stderr.includes(SECRET));
});
