import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { catalogText, gatherCatalog } from '../../bench/catalog.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
const directory = mkdtempSync(join(tmpdir(), 'tidemark-command-'));
after(() => rmSync(directory, { recursive: true, force: true }));
writeFileSync(join(directory, 'torn.yaml'), 'description: x\nload: {warmup: 1s\n');
writeFileSync(join(directory, 'wrong.yaml'), 'description: x\nproducer:\n  linger.ms: -1\n');
writeFileSync(join(directory, 'empty.txt'), '');
writeFileSync(join(directory, 'bad.properties'), 'acks=\\u00zz\n');
for (const [name, text] of [
  ['cut', '{"schema": "tidemark.result/1", "trials": [{"id'],
  ['later', '{"schema": "tidemark.result/9"}'],
] as const) {
  mkdirSync(join(directory, name));
  writeFileSync(join(directory, name, 'result.json'), text);
}

writeFileSync(join(directory, 'keys'), 'a\nb\n\u001b[31mred\u202ec\n');
writeFileSync(join(directory, 'chatty.mjs'), "console.log('hello'); export default { partition: () => 0 };");
writeFileSync(join(directory, 'stuck.mjs'), 'await new Promise(() => {});');
const LOUD = "export default { partition() { throw new Error('\\u001b[31mred'); } };";
writeFileSync(join(directory, 'loud.mjs'), LOUD);

function tidemark(...argv: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...argv], {
    cwd: directory,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { code: status, stdout, stderr };
}

const BAD_INPUT: readonly (readonly [argv: string, says: RegExp])[] = [
  ['brokr', /unknown command 'brokr'[\s\S]*Did you mean broker\?/],
  ['quick', /unknown command 'quick'[\s\S]*Did you mean run quick\?/],
  ['run --thruput 5', /unknown option '--thruput'[\s\S]*Did you mean --throughput\?/],
  ['run quik', /unknown suite 'quik': did you mean quick\?/],
  ['run missing.yaml', /suite file missing\.yaml does not exist/],
  ['run torn.yaml', /torn\.yaml:3: /],
  ['run wrong.yaml', /wrong\.yaml:3: linger\.ms must be >= 0, got -1/],
  ['run --set acks=2', /acks must be one of all, -1, 0, 1, got "2"/],
  ['run --set lingr.ms=5', /lingr\.ms.*did you mean linger\.ms\?/],
  ['run --set linger.ms=-5', /linger\.ms must be >= 0, got -5/],
  ['run --set linger.ms', /--set: got text without '=', expected name=value/],
  ['run --set partitioner.class=stikcy', /must be one of keyed, .*got "stikcy"; did you mean sticky\?/],
  ['run --out ', /'--out <dir>' argument '' is invalid\. got nothing, expected a path/],
  ['run --resume ', /'--resume <dir>' argument '' is invalid\. got nothing, expected a path/],
  ['run --duration 5', /'--duration <time>'.*got '5', expected a number with a unit/],
  ['run --throughput 0', /'--throughput <n>'.*got '0', expected records per second/],
  ['run --record-size 0', /'--record-size <bytes>'.*got '0'/],
  ['run --generators 1.5', /'--generators <n>'.*got '1\.5'/],
  ['run --design grid', /'--design <design>'.*Allowed choices are one-factor, full/],
  ['run --bootstrap-server nowhere', /got "nowhere": the port is missing, expected host:port/],
  ['run --replication-factor 3', /does not replicate, got 3, expected 1/],
  ['run --payload-file none.txt', /payload file .*none\.txt cannot be read/],
  ['run --payload-file empty.txt', /payload file .*empty\.txt holds no record/],
  ['run --producer.config none.properties', /--producer\.config none\.properties: there is no such file/],
  ['run --producer.config bad.properties', /tidemark: bad\.properties:1: malformed/],
  ['run --producer-property acks=5', /--producer-property acks: acks must be one of/],
  ['run --resume .', /holds no run/],
  ['run --out /proc/none/run', /run directory \/proc\/none\/run cannot be made/],
  ['report missing', /result\.json: there is no such file/],
  ['report cut', /result\.json: the result is cut off/],
  ['report keys', /keys\/result\.json: expected a run directory, got a file/],
  ['report later', /result\.json: schema tidemark\.result\/9 was written by a newer tidemark/],
  ['report', /missing required argument 'dir'/],
  ['partitioners --keys keys --partitioner stuck.mjs', /stuck\.mjs cannot be loaded: nothing ends an await/],
  ['partitioners --keys keys --partitioner cut', /--partitioner cut cannot be loaded: it is a directory/],
  ['partitioners --keys keys --partitioner loud.mjs', /it threw: \?\[31mred/],
  ['partitioners --keys \u001b[31m', /--keys \?\[31m cannot be read/],
  ['partitioners --partitions \u001b[31m', /got '\?\[31m'/],
  ['broker --replication-factor 2', /does not replicate yet, got 2, expected 1/],
  ['broker --port 70000', /'--port <port>'.*got '70000'/],
  ['broker --data empty.txt', /--data empty\.txt: /],
];

for (const [argv, says] of BAD_INPUT) {
  test(`tidemark ${argv} is bad input, said plainly`, () => {
    const { code, stdout, stderr } = tidemark(...argv.split(' '));
    assert.match(stderr, says);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
  });
}

test('what a module of the user prints is no part of the result', () => {
  const { code, stdout, stderr } = tidemark(
    ...'partitioners --keys keys --partitioner chatty.mjs --json'.split(' '),
  );
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as { keys: number }).keys, 3);
  assert.match(stderr, /hello/);
});

test('--help of every command shows an example, on stdout', () => {
  for (const command of ['', 'run', 'broker', 'report', 'micro', 'list']) {
    const { code, stdout, stderr } = tidemark(...(command === '' ? [] : [command]), '--help');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Examples?:\n {2}\$ tidemark/);
  }
});

test('--help loads neither schema nor suites nor the producer', () => {
  const { stderr } = spawnSync(process.execPath, [MAIN, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_DEBUG: 'module,esm' },
    maxBuffer: 64 * 1_048_576,
  });
  assert.match(stderr, /node_modules\/commander\//);
  assert.doesNotMatch(stderr, /node_modules\/(zod|yaml|piscina|echarts|hdr-histogram-js)\//);
});

test('list names suites, partitioners, codecs and properties with their defaults', () => {
  const { code, stdout } = tidemark('list');
  assert.equal(code, 0);
  for (const part of [/^ {2}quick /m, /^ {2}uniform-sticky /m, /^ {2}zstd /m, /^ {2}batch\.size=16384$/m]) {
    assert.match(stdout, part);
  }
  const catalog = JSON.parse(tidemark('list', '--json').stdout) as {
    producerProperties: { name: string; default: unknown }[];
  };
  assert.equal(catalog.producerProperties.find(({ name }) => name === 'linger.ms')?.default, 5);
});

test('list fits a terminal of 80 columns, each property under its own line', () => {
  const longest = catalogText(gatherCatalog(), 80)
    .split('\n')
    .filter((line) => line.length > 80);
  assert.deepEqual(longest, []);
});

test('list --producer-config prints every property to fill in, or what is given as Java takes it', () => {
  const template = tidemark('list', '--producer-config');
  assert.equal(template.code, 0);
  assert.match(template.stdout, /^# linger\.ms=5$/m);
  assert.match(template.stdout, /^# transactional\.id=$/m);
  const given = tidemark('list', '--producer-config', '--producer-property', 'linger.ms=7');
  assert.match(given.stdout, /^linger\.ms=7$/m);
  assert.ok(!given.stdout.includes('batch.size'));
  const bad = tidemark(
    'list',
    '--producer-property',
    'acks=1',
    '--producer-property',
    'enable.idempotence=true',
  );
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /--producer-property acks: acks=1 conflicts with enable\.idempotence=true/);
  assert.equal(tidemark('list', '--producer-config', '--json').code, 2);
});

test('results that a full disk swallows are no success', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'list', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  assert.match(stderr, /^tidemark: stdout cannot be written: ENOSPC.*\n$/);
  assert.equal(status, 3);
});

test('a reader that goes away early is no failure', () => {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', '"$0" "$1" list --json | head -c 1', process.execPath, MAIN],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0);
  assert.equal(stderr, '');
});

test('--version is that of the package', () => {
  assert.match(tidemark('--version').stdout, /^\d+\.\d+\.\d+\n$/);
});
