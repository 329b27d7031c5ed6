import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { CliError } from '../../../bench/cli-error.ts';
import { type PreparedSide, resolveSide } from '../../../bench/duet/resolve-side.ts';

const ROOT = process.cwd();
const LOCK =
  '{"name":"mine","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"mine","version":"1.0.0"}}}\n';

interface Given {
  readonly in: string;
  readonly driver?: string;
  readonly build?: string;
  readonly notes?: string[];
  readonly signal?: AbortSignal;
}

function resolve(text: string, given: Given): Promise<PreparedSide> {
  return resolveSide(text, {
    role: 'base',
    workingDirectory: given.in,
    driver: given.driver,
    build: given.build,
    onNote: (note) => given.notes?.push(note),
    signal: given.signal ?? new AbortController().signal,
  });
}

async function refusal(text: string, given: Given): Promise<{ code: number; message: string }> {
  const error = await resolve(text, given).then(
    () => assert.fail(`${text} was taken`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CliError, String((error as Error).stack));
  return { code: error.exitCode, message: error.message };
}

function write(files: Readonly<Record<string, string>>, directory: string): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
}

function git(directory: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: directory, encoding: 'utf8' }).trim();
}

/** A shell script that goes by the name of npm until the test is over. */
function standInForNpm(context: TestContext, script: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-npm-'));
  writeFileSync(join(directory, 'npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { PATH } = process.env;
  process.env['PATH'] = `${directory}:${PATH}`;
  context.after(() => {
    process.env['PATH'] = PATH;
    rmSync(directory, { recursive: true, force: true });
  });
}

describe('the text that names a side', () => {
  let home = '';
  before(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'tidemark-sides-')));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  /** A project with a driver in a directory of its own. */
  function project(name: string, files: Readonly<Record<string, string>> = {}): string {
    const directory = join(home, name);
    const manifest =
      '{"name":"mine","version":"1.0.0","type":"module","tidemark":{"driver":"./driver.ts"}}\n';
    write({ 'package.json': manifest, 'driver.ts': 'export default 1;\n', ...files }, directory);
    return directory;
  }

  it('is a directory: a build of Tidemark by its own entry', async () => {
    const side = await resolve('.', { in: ROOT });
    assert.deepEqual(side.driver, {
      kind: 'tidemark',
      directory: ROOT,
      entry: join(ROOT, 'core/tidemark.ts'),
    });
    assert.match(side.description, /^tidemark \d+\.\d+\.\d+ at [0-9a-f]{7,}( with uncommitted changes)?$/);
    const built = project('built', { 'package.json': '{"name":"tidemark"}', 'dist/core/tidemark.js': '' });
    const { driver } = await resolve(built, { in: home });
    assert.deepEqual(driver, {
      kind: 'tidemark',
      directory: built,
      entry: join(built, 'dist/core/tidemark.js'),
    });
  });

  it('is a directory: a project by the driver it names, or by --driver', async () => {
    const directory = project('named', { 'drive.sh': '#!/bin/sh\n' });
    const module = { kind: 'module', directory, path: join(directory, 'driver.ts') };
    assert.deepEqual((await resolve('named', { in: home })).driver, module);
    const command = { kind: 'command', directory, command: ['sh', '-c', 'node driver.ts --fast'] };
    assert.deepEqual((await resolve('named', { in: home, driver: 'node driver.ts --fast' })).driver, command);
    const missing = await refusal('named', { in: home, driver: 'bench/other.ts' });
    assert.deepEqual(missing, {
      code: 2,
      message: `named: --driver bench/other.ts: there is no such file in ${directory}; an absolute path drives both sides by one file`,
    });
    assert.match(
      (await refusal('named', { in: home, driver: 'drive.sh' })).message,
      /nor executable: chmod \+x/,
    );
  });

  it('does not start where nothing in it tells how it produces: the three ways are told, exit 4', async () => {
    write({ 'package.json': '{"name":"other"}' }, join(home, 'undriven'));
    const { code, message } = await refusal('undriven', { in: home });
    assert.equal(code, 4);
    assert.match(
      message,
      /--driver FILE .* --driver COMMAND,\nor write "tidemark": \{ "driver": .*\n.*docs\/drivers\.md/,
    );
    for (const [manifest, expected] of [
      ['{"tidemark":{"driver":5}}', /tidemark\.driver must be a text, got 5/],
      [
        '{"tidemark":{"driver":"./gone.ts"}}',
        /package\.json names the driver .\/gone\.ts: there is no such file/,
      ],
      ['{', /broken\/package\.json: .*JSON/],
      [
        '{"name":"tidemark"}',
        /broken does not start: package\.json says tidemark, but there is no core\/tidemark\.ts/,
      ],
    ] as const) {
      write({ 'package.json': manifest }, join(home, 'broken'));
      const refused = await refusal('broken', { in: home });
      assert.equal(refused.code, 4, manifest);
      assert.match(refused.message, expected);
    }
  });

  it('may have a driver that its build makes', async () => {
    const directory = project('made', { 'package.json': '{"tidemark":{"driver":"./dist/driver.mjs"}}' });
    const build = 'mkdir -p dist && cp driver.ts dist/driver.mjs';
    const { driver } = await resolve('made', { in: home, build });
    assert.deepEqual(driver, { kind: 'module', directory, path: join(directory, 'dist/driver.mjs') });
  });

  it('is refused when it names nothing: all forms are told', async () => {
    for (const text of ['', 'nowhere', 'gti:HEAD', 'named/driver.ts']) {
      const { code, message } = await refusal(text, { in: home });
      assert.equal(code, 2);
      assert.match(message, /git:REF +a commit/);
    }
    assert.match((await refusal('old.tgz', { in: home })).message, /old\.tgz: there is no such tarball/);
    assert.match(
      (await refusal('npm:a b', { in: home })).message,
      /expected npm:VERSION .* or npm:NAME@VERSION/,
    );
  });

  it('is a set of properties of the running Tidemark; values may hold commas', async () => {
    const side = await resolve(
      'ssl.enabled.protocols=TLSv1.2,TLSv1.3, acks = 1,sasl.jaas.config=m p="a,b=c";',
      { in: home },
    );
    assert.deepEqual(side.properties, {
      'ssl.enabled.protocols': 'TLSv1.2,TLSv1.3',
      acks: '1',
      'sasl.jaas.config': 'm p="a,b=c";',
    });
    assert.deepEqual([side.driver.kind, side.driver.directory], ['tidemark', home]);
    assert.match(side.description, /^tidemark .* with .*acks=1,sasl\.jaas\.config=\[hidden\]$/);
    assert.ok(!side.label.includes('a,b=c'));
  });

  it('is a .properties file, the place for secrets', async () => {
    write({ 'login.properties': 'linger.ms=5\nsasl.jaas.config=m password="pw";\n' }, home);
    const side = await resolve('login.properties', { in: home });
    assert.deepEqual(side.properties, { 'linger.ms': '5', 'sasl.jaas.config': 'm password="pw";' });
    assert.equal(side.label, 'login.properties');
    assert.ok(!side.description.includes('pw'));
  });

  it('is refused with everything that is wrong with its properties', async () => {
    const { code, message } = await refusal('linger.ms=soon,akcs=1', { in: home });
    assert.equal(code, 2);
    assert.match(message, /linger\.ms must be .*\n.*akcs is not a producer property .* did you mean acks\?/);
    assert.match((await refusal('acks=1,acks=0', { in: home })).message, /acks is given twice/);
    assert.match((await refusal('bootstrap.servers=a:1', { in: home })).message, /give --bootstrap-server/);
  });

  it('gives properties to the driver of the project, which may know more than Kafka does', async () => {
    const directory = project('own');
    const { driver, properties } = await resolve('my.setting=1', { in: directory });
    assert.deepEqual(driver, { kind: 'module', directory, path: join(directory, 'driver.ts') });
    assert.deepEqual(properties, { 'my.setting': '1' });
  });

  it('is a client that has a driver here, where it is installed', async () => {
    assert.match((await resolve('client:kafkajs', { in: ROOT })).description, /^kafkajs \d/);
    assert.equal((await resolve('client:tidemark', { in: home })).driver.kind, 'tidemark');
    const absent = await refusal('client:kafkajs', { in: home });
    assert.deepEqual(absent, {
      code: 2,
      message: `client:kafkajs: kafkajs is not installed in ${home}: npm install kafkajs`,
    });
    assert.match(
      (await refusal('client:kafkjs', { in: ROOT })).message,
      /did you mean client:kafkajs\?\n.*--driver/,
    );
    assert.match((await refusal('client:kafkajs', { in: ROOT, driver: 'x' })).message, /leave --driver out/);
  });

  it('builds a directory only when told to, and shows why it does not build: exit 4', async () => {
    const directory = project('building', {
      'package.json': '{"name":"mine","tidemark":{"driver":"./driver.ts","build":"exit 9"}}',
    });
    const notes: string[] = [];
    await resolve(directory, { in: home, notes });
    assert.deepEqual(notes, []);
    await resolve(directory, { in: home, notes, build: 'echo 1 > built' });
    assert.deepEqual(notes, [`${directory}: echo 1 > built`]);
    assert.ok(existsSync(join(directory, 'built')));
    const failed = await refusal(directory, {
      in: home,
      build: 'echo compiling; echo no such type >&2; exit 2',
    });
    assert.equal(failed.code, 4);
    assert.match(
      failed.message,
      /does not build: .* ended with exit code 2\nIts output:\n( {2}\| (compiling|no such type)\n?){2}$/,
    );
  });

  it('ends a build, and what it started, when the signal aborts: exit 130', async () => {
    const aborting = new AbortController();
    const directory = project('slow');
    setTimeout(() => aborting.abort(), 100);
    const { code } = await refusal(directory, { in: home, build: 'sleep 60; true', signal: aborting.signal });
    assert.equal(code, 130);
  });

  describe('of a commit', () => {
    let repository = '';
    let first = '';
    before(() => {
      repository = project('repository', {
        'package-lock.json': LOCK,
        '.gitattributes': 'driver.ts export-ignore\n',
        '.gitignore': 'node_modules\n',
        'packages/inner/package.json':
          '{"name":"inner","version":"2.0.0","tidemark":{"driver":"./inner.ts"}}\n',
        'packages/inner/inner.ts': '',
      });
      git(repository, 'init', '-q', '-b', 'main');
      git(repository, 'add', '.');
      git(repository, 'commit', '-qm', 'one');
      first = git(repository, 'rev-parse', '--short', 'HEAD');
      const modules = {
        'node_modules/lib/package.json': '{}',
        'node_modules/@scope/part/package.json': '{}',
      };
      write({ 'driver.ts': 'export default 2;\n', ...modules }, repository);
      git(repository, 'commit', '-qam', 'two');
      write({ 'driver.ts': 'export default 3;\n' }, repository);
    });

    it('is checked out aside, whole, with the dependencies at hand where the lock file is the same', async () => {
      const notes: string[] = [];
      const side = await resolve('git:HEAD~1', { in: repository, notes });
      const { directory, path } = side.driver as { directory: string; path: string };
      assert.equal(readFileSync(path, 'utf8'), 'export default 1;\n');
      assert.equal(side.description, `mine 1.0.0 at ${first}`);
      assert.ok(lstatSync(join(directory, 'node_modules/lib')).isSymbolicLink());
      assert.ok(lstatSync(join(directory, 'node_modules/@scope/part')).isSymbolicLink());
      assert.deepEqual(notes, []);
      // Neither the index nor the files of the repository were touched.
      assert.equal(git(repository, 'status', '--porcelain'), 'M driver.ts');
      await side.release();
      assert.ok(!existsSync(directory));
      assert.ok(existsSync(join(repository, 'node_modules/lib')));
      await side.release();
    });

    it('may empty its node_modules in its build, as npm ci does: those of the working tree stay', async () => {
      const build = 'for each in node_modules/* node_modules/@scope/*; do rm -rf "$each"; done';
      const side = await resolve('git:HEAD', { in: repository, build });
      assert.deepEqual(readdirSync(join(side.driver.directory, 'node_modules')), []);
      assert.ok(existsSync(join(repository, 'node_modules/lib/package.json')));
      assert.ok(existsSync(join(repository, 'node_modules/@scope/part/package.json')));
      await side.release();
    });

    it('is the subdirectory that the user is in', async () => {
      const side = await resolve('git:main', { in: join(repository, 'packages/inner') });
      assert.match(side.description, /^inner 2\.0\.0 at /);
      assert.match(side.driver.directory, /packages\/inner\/?$/);
      await side.release();
    });

    it('gets its own dependencies where links among those at hand lead back to the working tree', async (context) => {
      standInForNpm(context, 'mkdir node_modules');
      symlinkSync(join(repository, 'packages/inner'), join(repository, 'node_modules/inner'));
      const notes: string[] = [];
      const side = await resolve('git:HEAD', { in: repository, notes });
      assert.deepEqual(notes, ['git:HEAD: npm ci']);
      assert.deepEqual(readdirSync(join(side.driver.directory, 'node_modules')), []);
      await side.release();
      rmSync(join(repository, 'node_modules/inner'));
    });

    it('has the driver of the working tree, in its place, where it has none yet or the path is absolute', async () => {
      const notes: string[] = [];
      write({ 'bench/late.ts': 'export default "late";\n' }, repository);
      for (const [driver, path, text] of [
        ['bench/late.ts', 'bench/late.ts', 'export default "late";\n'],
        [join(repository, 'driver.ts'), 'driver.ts', 'export default 3;\n'],
      ] as const) {
        const side = await resolve('git:HEAD', { in: repository, driver, notes });
        const { directory, ...chosen } = side.driver;
        assert.deepEqual(chosen, { kind: 'module', path: join(directory, path) });
        assert.equal(readFileSync(join(directory, path), 'utf8'), text);
        assert.equal(notes.pop(), `git:HEAD: its driver is ${path} of the working tree`);
        await side.release();
      }
      const own = await resolve('git:HEAD', { in: repository, driver: 'driver.ts', notes });
      assert.equal(readFileSync(join(own.driver.directory, 'driver.ts'), 'utf8'), 'export default 2;\n');
      await own.release();
      rmSync(join(repository, 'bench'), { recursive: true });
      assert.deepEqual(notes, []);
    });

    it('is built by --build, and leaves nothing behind when that fails', async () => {
      const before = readdirSync(tmpdir()).filter((name) => name.startsWith('tidemark-side-'));
      const { code, message } = await refusal('git:HEAD', { in: repository, build: 'cat driver.ts; exit 1' });
      assert.equal(code, 4);
      assert.match(message, /\| export default 2;/);
      const left = readdirSync(tmpdir()).filter((name) => name.startsWith('tidemark-side-'));
      assert.deepEqual(
        left.filter((name) => !before.includes(name)),
        [],
      );
    });

    it('is refused where git knows no such commit, or there is no repository: exit 2', async () => {
      for (const ref of ['nope', '--help', 'HEAD:driver.ts', '']) {
        const { code, message } = await refusal(`git:${ref}`, { in: repository });
        assert.equal(code, 2);
        assert.match(message, /^git:.*: there is no such commit in this repository \(git says: .+\)$/);
      }
      const outside = await refusal('git:HEAD', { in: home });
      assert.equal(outside.code, 2);
      assert.match(outside.message, /git says: not a git repository/);
    });
  });

  it('is a tarball, installed aside', async () => {
    const packed = join(home, 'packed');
    project('packed/package');
    execFileSync('tar', ['-czf', join(home, 'mine-1.0.0.tgz'), '-C', packed, 'package']);
    const side = await resolve('mine-1.0.0.tgz', { in: home });
    assert.equal(side.description, 'mine 1.0.0 from mine-1.0.0.tgz');
    assert.ok(existsSync((side.driver as { path: string }).path));
    await side.release();
    assert.ok(!existsSync(side.driver.directory));
  });

  it('is refused with what npm says when it cannot be installed: exit 4, or 2 for what npm does not know', async (context) => {
    writeFileSync(join(home, 'bad.tgz'), 'no tarball');
    standInForNpm(context, 'echo npm error code EBADTAR >&2; exit 1');
    const bad = await refusal('bad.tgz', { in: home });
    assert.equal(bad.code, 4);
    assert.match(
      bad.message,
      /cannot be installed: npm install ended with exit code 1\nIts output:\n {2}\| .*EBADTAR$/,
    );
    standInForNpm(context, 'echo "$*"; echo npm error code ETARGET >&2; exit 1');
    for (const [text, wanted] of [
      ['npm:9.9.9', 'tidemark@9.9.9'],
      ['npm:@mine/lib@1.0.0', '@mine/lib@1.0.0'],
    ] as const) {
      const { code, message } = await refusal(text, { in: home });
      assert.equal(code, 2);
      assert.ok(
        message.includes(`npm does not know ${wanted}\n`) && message.includes(`-- ${wanted}\n`),
        message,
      );
    }
  });
});
