import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findSuite } from '../../../bench/suite/find-suite.ts';
import { loadSuite } from '../../../bench/suite/load-suite.ts';
import { isBaseTrial, type Plan, planRun } from '../../../bench/sweep/plan.ts';
import { NO_FLAGS, type RunFlags } from '../../../bench/sweep/run-flags.ts';

const HERE = '.';

function plan(flags: Partial<RunFlags> = {}, suite = 'quick', directory = HERE): Plan {
  return planRun(loadSuite(findSuite(suite, directory)), { ...NO_FLAGS, ...flags }, directory).plan;
}

function directoryOf(context: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-plan-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

function set(text: string): RunFlags['set'][number] {
  const [property, levels] = text.split('=') as [string, string];
  return { property, levels: levels.split(',') };
}

test('quick measures each level of the five settings once, around a base that runs three times', () => {
  const { trials, factors } = plan();
  assert.equal(trials.length, 19);
  assert.deepEqual(
    factors.map(({ property, levels }) => [property, levels.length]),
    [
      ['batch.size', 4],
      ['linger.ms', 4],
      ['compression.type', 5],
      ['partitioner.class', 5],
      ['acks', 3],
    ],
  );
  for (const { property, levels } of factors) {
    const seen = new Set(trials.map(({ producer }) => producer[property]));
    assert.deepEqual([...seen].sort(), [...levels].sort());
  }
  const bases = trials.flatMap((trial, index) => (isBaseTrial(trial) ? [index] : []));
  assert.deepEqual(bases, [0, 9, 18]);
});

test('a level of a factor differs from the base in what the level says, and in nothing else', () => {
  const { base, trials } = plan();
  for (const { factor, level, producer } of trials) {
    const different = Object.keys(producer).filter((name) => producer[name] !== base[name]);
    // What a level brings along: keys left alone, and idempotence, which only acks=all can have.
    const along = factor === 'acks' ? 'enable.idempotence' : 'partitioner.ignore.keys';
    assert.deepEqual(
      different.filter((name) => name !== along),
      factor === null ? [] : [factor],
    );
    if (factor !== null) assert.equal(producer[factor], level);
    assert.equal(producer['enable.idempotence'], String(producer['acks'] === 'all'));
  }
});

test('partitioners that would follow the key leave it alone, so that they differ', () => {
  const { trials } = plan();
  const ignoring = trials.filter(({ producer }) => producer['partitioner.ignore.keys'] === 'true');
  assert.deepEqual(ignoring.map(({ level }) => level).sort(), ['adaptive', 'sticky', 'uniform-sticky']);
  // The same level named on the command line means the same.
  const [fixed] = plan({ set: [set('partitioner.class=sticky')] }).trials;
  assert.equal(fixed!.producer['partitioner.ignore.keys'], 'true');
});

test('the same seed plans the same, another seed another order of the same trials', () => {
  assert.deepEqual(plan({ seed: 5 }), plan({ seed: 5 }));
  const ids = (seed: number): string[] => plan({ seed }).trials.map(({ id }) => id);
  assert.notDeepEqual(ids(5), ids(6));
  assert.deepEqual(ids(5).sort(), ids(6).sort());
});

test('with repeats every round holds every level once, in an order of its own, and a base', () => {
  const { trials } = plan({ repeats: 4 });
  const rounds = [1, 2, 3, 4].map((round) => trials.filter((trial) => trial.round === round));
  const settings = rounds.map((round) =>
    round.filter((trial) => !isBaseTrial(trial)).map(({ factor, level }) => `${factor}=${level}`),
  );
  for (const one of settings) assert.deepEqual([...one].sort(), [...settings[0]!].sort());
  assert.notDeepEqual(settings[0], settings[1]);
  for (const round of rounds) assert.ok(round.some(isBaseTrial));
  assert.ok(isBaseTrial(trials[0]!));
  assert.equal(new Set(trials.map(({ id }) => id.toLowerCase())).size, trials.length);
  for (const { id } of trials) assert.match(id, /^[a-zA-Z0-9._~-]{1,110}$/);
});

test('full is the grid of all five, at most 162 configurations, and a sample of it is a seeded part', () => {
  const whole = plan({ repeats: 1 }, 'full');
  const cells = whole.trials.filter((trial) => !isBaseTrial(trial));
  // One cell of the grid is the base.
  assert.equal(cells.length, 161);
  assert.equal(new Set(cells.map(({ producer }) => JSON.stringify(producer))).size, 161);
  const part = plan({ sample: 10, repeats: 1 }, 'full').trials.filter((trial) => !isBaseTrial(trial));
  assert.equal(part.length, 10);
  const names = new Set(cells.map(({ id, producer }) => id + JSON.stringify(producer)));
  for (const { id, producer } of part) assert.ok(names.has(id + JSON.stringify(producer)));
  const other = plan({ sample: 10, seed: 2, repeats: 1 }, 'full').trials.filter(
    (trial) => !isBaseTrial(trial),
  );
  assert.notDeepEqual(other.map(({ id }) => id).sort(), part.map(({ id }) => id).sort());
});

test('--set with several values adds or replaces a factor, with one it fixes the base and removes it', () => {
  const { factors, base } = plan({ set: [set('linger.ms=0,7'), set('retries=1,2'), set('acks=1')] });
  const byName = new Map(factors.map(({ property, levels }) => [property, levels]));
  assert.deepEqual(byName.get('linger.ms'), ['0', '7']);
  assert.deepEqual(byName.get('retries'), ['1', '2']);
  assert.equal(byName.has('acks'), false);
  assert.equal(base['acks'], '1');
});

test('the base wins over the defaults, the file over the suite, the flag over the file, the factor over all', (t) => {
  const directory = directoryOf(t, {
    'mine.yaml':
      'description: mine\nproducer: { linger.ms: 1, retries: 1, acks: 1, batch.size: 1 }\nfactors: { acks: [0, all] }\n',
    'my.properties': 'linger.ms=2\nretries=2\nacks = 1\nbootstrap.servers=far:9092\n',
  });
  const { base, factors, notes, target } = plan(
    { producerConfigFile: 'my.properties', producerProperties: [{ name: 'retries', value: '3' }] },
    './mine.yaml',
    directory,
  );
  assert.equal(base['batch.size'], '1');
  assert.equal(base['linger.ms'], '2');
  assert.equal(base['retries'], '3');
  assert.equal(base['buffer.memory'], '33554432');
  assert.deepEqual(factors, [{ property: 'acks', levels: ['0', 'all'] }]);
  // A properties file says how to send, never where to.
  assert.equal(target.kind, 'embedded');
  assert.equal('bootstrap.servers' in base, false);
  assert.match(notes[0]!, /^my\.properties:4: bootstrap\.servers=far:9092 does not select the target/);
});

test('levels that come out the same are measured once, and that is said', () => {
  const { trials, notes } = plan({ set: [set('acks=all,-1,1,1'), set('linger.ms=5,05')] });
  assert.equal(trials.filter(({ factor }) => factor === 'acks').length, 1);
  assert.equal(trials.filter(({ factor }) => factor === 'linger.ms').length, 0);
  assert.ok(notes.includes('acks=-1 is the same configuration as the base: measured once'));
  assert.ok(notes.includes('acks=1 is the same configuration as acks=1: measured once'));
  assert.ok(notes.includes('linger.ms=05 is the same configuration as the base: measured once'));
});

test('partitioners that behave the same are found to be, whatever they are called', () => {
  const { notes } = plan({ set: [set('partitioner.class=keyed,adaptive')] }, 'acks');
  assert.ok(
    notes.includes('partitioner.class=adaptive is the same configuration as the base: measured once'),
  );
});

test('every wrong property is told at once, with where it was given', (t) => {
  const directory = directoryOf(t, {
    'mine.yaml': 'description: mine\nproducer:\n  lingr.ms: 5\nfactors:\n  batch.size:\n    - 0\n    - -7\n',
    'my.properties': '\nretries=many\n',
  });
  const flags = { producerConfigFile: 'my.properties', set: [set('acks=2,1')] };
  assert.throws(
    () => plan(flags, './mine.yaml', directory),
    (error: Error) => {
      const lines = error.message.split('\n').sort();
      assert.equal(lines.length, 4, error.message);
      assert.match(lines[0]!, /^--set acks=2,1: acks must be one of all, -1, 0, 1, got "2"/);
      assert.match(lines[1]!, /^\.\/mine\.yaml:3: lingr\.ms is not.*did you mean linger\.ms\?$/);
      assert.match(lines[2]!, /^\.\/mine\.yaml:7: batch\.size must be >= 0, got -7$/);
      assert.match(lines[3]!, /^my\.properties:2: retries must be a whole number, got "many"$/);
      return true;
    },
  );
});

test('a batch.size above max.request.size and of 0 are legal; the first is warned of', () => {
  const { notes, trials } = plan({ set: [set('batch.size=0,2000000')] });
  assert.ok(notes.some((note) => /batch\.size 2000000 is above max\.request\.size/.test(note)));
  assert.ok(trials.some(({ producer }) => producer['batch.size'] === '0'));
});

test('--duration sets both phases, --throughput leaves one', () => {
  const loadOf = (flags: Partial<RunFlags>) => plan(flags).trials[0]!.load;
  assert.deepEqual([loadOf({}).saturatedMs, loadOf({}).pacedMs], [500, 1000]);
  const both = loadOf({ durationMs: 300 });
  assert.deepEqual([both.saturatedMs, both.pacedMs], [300, 300]);
  const paced = loadOf({ throughput: 1000, durationMs: 300 });
  assert.deepEqual(
    [paced.saturatedMs, paced.pacedMs, paced.pace],
    [0, 300, { kind: 'rate', recordsPerSecond: 1000 }],
  );
  const saturated = loadOf({ throughput: -1 });
  assert.deepEqual([saturated.saturatedMs, saturated.pacedMs], [1000, 0]);
});

test('a suite without factors is one configuration, run as often as repeats says', (t) => {
  const directory = directoryOf(t, { 'mine.yaml': 'description: mine\n' });
  const single = plan({ repeats: 2 }, './mine.yaml', directory);
  assert.equal(single.design, 'single');
  assert.deepEqual(
    single.trials.map(({ id }) => id),
    ['r1-base-1', 'r2-base-1'],
  );
});

test('payload files are found missing, empty or too large before anything starts', (t) => {
  const directory = directoryOf(t, {
    'empty.txt': '\n\n',
    'large.txt': `${'x'.repeat(2000)}\n`,
    'good.txt': 'a|b\n',
  });
  const from = (payloadFile: string, more: Partial<RunFlags> = {}) =>
    planRun(loadSuite(findSuite('quick', directory)), { ...NO_FLAGS, payloadFile, ...more }, directory).plan;
  assert.throws(() => from('none.txt'), /payload file .*none\.txt cannot be read: ENOENT/);
  assert.throws(() => from('empty.txt'), /holds no record/);
  const small = { set: [set('max.request.size=1000')] };
  assert.throws(
    () => from('large.txt', small),
    /large\.txt: its largest record needs \d+ bytes, above max\.request\.size 1000/,
  );
  assert.deepEqual(from('good.txt', { payloadDelimiter: '|' }).trials[0]!.workload.payload, {
    kind: 'file',
    path: join(directory, 'good.txt'),
    delimiter: '|',
  });
});

test('what the flags contradict is refused', () => {
  assert.throws(
    () => plan({ replicationFactor: 3 }),
    /--replication-factor: the embedded cluster does not replicate, got 3/,
  );
  assert.throws(() => plan({ payloadDelimiter: '|' }), /--payload-delimiter needs --payload-file/);
  assert.throws(() => plan({ payloadFile: 'x', recordSizeBytes: 5 }), /exclude each other/);
  assert.throws(
    () => plan({ set: [set('bootstrap.servers=a:1,b:2')] }),
    /--bootstrap-server selects the target/,
  );
  assert.throws(
    () => plan({ set: [set('partitioner.class=./none.ts')] }),
    /the module \.\/none\.ts does not exist/,
  );
  assert.throws(() => plan({ recordSizeBytes: 2_000_000 }), /above max\.request\.size 1048576/);
});

test('another cluster may replicate', () => {
  const { target, trials } = plan({ bootstrapServer: 'far:9092', replicationFactor: 3 });
  assert.deepEqual(target, { kind: 'kafka', bootstrapServers: 'far:9092' });
  assert.equal(trials[0]!.topic.replicationFactor, 3);
});

test('the form of send() is varied like a property, and never becomes one', () => {
  const { trials, factors, baseSendForm, base } = plan({}, 'send-forms');
  assert.deepEqual(factors, [{ property: 'send', levels: ['callback', 'promise', 'forget', 'sync'] }]);
  assert.equal(baseSendForm, 'callback');
  const forms = new Set(trials.map(({ workload }) => workload.send));
  assert.deepEqual([...forms].sort(), ['callback', 'forget', 'promise', 'sync']);
  for (const { factor, level, workload, producer } of trials) {
    assert.equal(workload.send, factor === null ? 'callback' : level);
    assert.ok(!('send' in producer));
  }
  assert.ok(!('send' in base));
});

test('--set send=promise drives the whole run in that form, and other forms are refused by name', () => {
  const { trials, baseSendForm } = plan({ set: [set('send=promise')] });
  assert.ok(trials.every(({ workload }) => workload.send === 'promise'));
  assert.equal(baseSendForm, null);
  assert.throws(() => plan({ set: [set('send=callback,later')] }), {
    message: /send must be one of callback, promise, forget, sync, got 'later'/,
  });
  assert.throws(() => plan({ producerProperties: [{ name: 'send', value: 'sync' }] }), {
    message: /send is not a producer property/,
  });
});

test('a grid over send and a property has each pair once, and one of them is the base', () => {
  const { trials } = plan({ design: 'full', set: [set('acks=1,all')] }, 'send-forms');
  const pairs = trials.map(({ workload, producer }) => `${workload.send} ${producer['acks']}`);
  assert.equal(new Set(pairs).size, 8);
});

test('--topic needs a cluster to find it on, and has its own replication factor', () => {
  assert.throws(() => plan({ topic: 'orders' }), { message: /--topic .*--bootstrap-server/ });
  const bootstrapServer = '127.0.0.1:9092';
  assert.throws(() => plan({ topic: 'orders', bootstrapServer, replicationFactor: 2 }), {
    message: /--topic and --replication-factor exclude each other/,
  });
  const { trials, notes } = plan({ topic: 'orders', bootstrapServer });
  assert.deepEqual([trials[0]!.topic.name, trials[0]!.topic.exists], ['orders', true]);
  assert.ok(notes.some((note) => /topic orders was there before/.test(note)));
});

test('a properties file is taken as written, with its bad lines, bad values and repetitions told by line', (t) => {
  const directory = directoryOf(t, {
    'p.properties': 'linger.ms = 7\nbatch.size: 32768\nacks=1\ncompression.\\\n  type=lz4\nlinger.ms=8\n',
    'values.properties': '# first\nlinger.ms=soon\nbatch.size=-1\nlinger.mss=5\n',
    'lines.properties': 'acks=1\nclient.id=\\u12\n=5\n',
    'latin.properties': Buffer.from('acks=1\nclient.id=k\xe4se\n', 'latin1') as unknown as string,
    'java.properties': 'key.serializer=org.apache.kafka.common.serialization.StringSerializer\n',
  });
  const read = (producerConfigFile: string): Plan => plan({ producerConfigFile }, 'quick', directory);
  const { base, notes } = read('p.properties');
  assert.equal(base['linger.ms'], '8');
  assert.equal(base['batch.size'], '32768');
  assert.equal(base['compression.type'], 'lz4');
  assert.ok(notes.includes('p.properties:6: linger.ms was given in line 1 already: the last one counts'));
  const problems = (file: string): string => {
    try {
      read(file);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  assert.match(problems('values.properties'), /^values\.properties:2: linger\.ms must be a whole number/m);
  assert.match(problems('values.properties'), /^values\.properties:3: batch\.size must be >= 0, got -1/m);
  assert.match(
    problems('values.properties'),
    /^values\.properties:4: linger\.mss .*did you mean linger\.ms\?/m,
  );
  assert.match(
    problems('lines.properties'),
    /^lines\.properties:2: malformed .*\nlines\.properties:3: a value/,
  );
  assert.match(problems('latin.properties'), /^latin\.properties:2: no valid UTF-8/);
  assert.match(problems('.'), /--producer\.config \.: is a directory/);
  assert.match(problems('none.properties'), /none\.properties: there is no such file/);
  assert.ok(
    read('java.properties').notes.some((note) => note.includes('key.serializer has no effect in a run')),
  );
});

test('conflicting properties name both, and a level that conflicts is named too', () => {
  const problems = (...producerProperties: { name: string; value: string }[]): string[] => {
    try {
      plan({ producerProperties });
    } catch (error) {
      return (error as Error).message.split('\n');
    }
    return [];
  };
  const idempotent = { name: 'enable.idempotence', value: 'true' };
  const both = problems(idempotent, { name: 'acks', value: '1' });
  assert.equal(both.length, 1);
  assert.match(both[0]!, /^--producer-property acks: acks=1 conflicts with enable\.idempotence=true/);
  // The base has acks=all; the levels 1 and 0 of quick do not go with what was asked for.
  const levels = problems(idempotent);
  assert.equal(levels.length, 2);
  assert.match(
    levels[0]!,
    /quick\.yaml:\d+: acks=1 conflicts with enable\.idempotence=true.*at the level acks=1; --set acks=VALUE/,
  );
  assert.match(levels[1]!, /at the level acks=0/);
  assert.deepEqual(
    plan({ producerProperties: [idempotent], set: [set('acks=all')] }).base['enable.idempotence'],
    'true',
  );
  const late = problems({ name: 'delivery.timeout.ms', value: '10' });
  assert.match(late.join('\n'), /delivery\.timeout\.ms must be >= linger\.ms \+ request\.timeout\.ms/);
});

test('a secured protocol is not tried on the embedded cluster', () => {
  assert.throws(() => plan({ producerProperties: [{ name: 'security.protocol', value: 'SSL' }] }), {
    message: /security.protocol=SSL: the embedded cluster speaks PLAINTEXT only.*--bootstrap-server/,
  });
});

test('what is missing is told where it is asked for', (context) => {
  const problemOf = (text: string): string => {
    const directory = directoryOf(context, { 'p.properties': text });
    try {
      plan({ bootstrapServer: 'a:1', producerConfigFile: 'p.properties' }, 'quick', directory);
    } catch (error) {
      return (error as Error).message;
    }
    return 'none';
  };
  assert.match(
    problemOf('acks=all\nsecurity.protocol=SASL_PLAINTEXT\n'),
    /^p\.properties:2: sasl\.mechanism is not set/,
  );
  assert.match(
    problemOf('security.protocol=SASL_PLAINTEXT\nclient.id=a\nsasl.mechanism=PLAIN\n'),
    /^p\.properties:[13]: sasl\.jaas\.config is not set/,
  );
});
