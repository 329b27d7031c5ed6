import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseProducerConfig } from '../../../core/producer/config.ts';
import { PRODUCER_OPTIONS } from '../../../core/producer/options.ts';

function messages(properties: Record<string, string | number | boolean>): string[] {
  return parseProducerConfig(properties).problems.map((problem) => problem.message);
}

describe('producer configuration', () => {
  it('has the defaults of Kafka 4.1, but for idempotence', () => {
    const { config, problems, warnings } = parseProducerConfig({});
    assert.deepEqual(problems, []);
    assert.deepEqual(warnings, []);
    assert.equal(config.acks, -1);
    assert.equal(config.batchSizeBytes, 16_384);
    assert.equal(config.lingerMs, 5);
    assert.equal(config.bufferMemoryBytes, 33_554_432);
    assert.equal(config.retries, 2_147_483_647);
    assert.equal(config.deliveryTimeoutMs, 120_000);
    assert.deepEqual(config.partitioner, { kind: 'built-in', adaptive: true, ignoreKeys: false });
    assert.equal(config.effective['enable.idempotence'], false);
  });

  it('names each property once and gives each a text of one line', () => {
    const names = PRODUCER_OPTIONS.map((option) => option.name);
    assert.equal(new Set(names).size, names.length);
    for (const option of PRODUCER_OPTIONS) assert.match(option.text, /^[^\n]{20,}\.$/, option.name);
  });

  it('reports every problem at once', () => {
    const found = messages({ 'linger.ms': '-5', acks: '2', 'batch.sise': '1', 'compression.type': 'lzma' });
    assert.equal(found.length, 4);
    assert.ok(found.includes('linger.ms must be >= 0, got -5'));
  });

  it('refuses acks=2 naming the three that are', () => {
    assert.match(messages({ acks: '2' })[0]!, /all, -1, 0, 1/);
  });

  it('makes acks=-1 all', () => {
    const { config } = parseProducerConfig({ acks: '-1' });
    assert.equal(config.acks, -1);
    assert.equal(config.effective['acks'], 'all');
  });

  it('suggests the nearest known name for a misspelt one', () => {
    assert.equal(parseProducerConfig({ 'linger.msec': 5 }).problems[0]?.suggestion, 'linger.ms');
    assert.equal(parseProducerConfig({ 'bacth.size': 5 }).problems[0]?.suggestion, 'batch.size');
    assert.equal(parseProducerConfig({ zzzzzzzz: 5 }).problems[0]?.suggestion, undefined);
    assert.equal(parseProducerConfig({ 'partitioner.class': 'stiky' }).problems[0]?.suggestion, 'sticky');
  });

  it('refuses text where a number belongs, fractions and numbers out of range', () => {
    assert.match(messages({ 'batch.size': 'many' })[0]!, /whole number, got "many"/);
    assert.match(messages({ 'batch.size': '1.5' })[0]!, /whole number/);
    assert.match(messages({ 'batch.size': '' })[0]!, /got nothing/);
    assert.match(messages({ 'batch.size': 2_147_483_648 })[0]!, /<= 2147483647/);
    assert.match(messages({ 'max.in.flight.requests.per.connection': 0 })[0]!, />= 1/);
    assert.match(messages({ 'compression.gzip.level': 0 })[0]!, /-1 or 1 to 9/);
  });

  it('refuses idempotence until it is served', () => {
    assert.match(messages({ 'enable.idempotence': true })[0]!, /not served yet/);
    assert.deepEqual(messages({ 'enable.idempotence': 'false' }), []);
  });

  it('raises the default delivery.timeout.ms with a warning, and refuses an explicit one too small', () => {
    const raised = parseProducerConfig({ 'linger.ms': 100_000 });
    assert.equal(raised.config.deliveryTimeoutMs, 130_000);
    assert.match(raised.warnings[0]!, /raised from 120000 to 130000/);
    assert.match(
      messages({ 'delivery.timeout.ms': 100 })[0]!,
      /linger.ms \+ request.timeout.ms \(5 \+ 30000/,
    );
  });

  it('warns of legal settings that surprise', () => {
    const { problems, warnings } = parseProducerConfig({
      'batch.size': 2_000_000,
      'buffer.memory': 1_000_000,
      'send.buffer.bytes': 1,
    });
    assert.deepEqual(problems, []);
    assert.equal(warnings.length, 3);
    assert.ok(warnings.some((warning) => warning.includes('above max.request.size')));
  });

  it('refuses servers that are not host:port', () => {
    assert.deepEqual(messages({ 'bootstrap.servers': 'a:1, b:65535,[::1]:9092' }), []);
    for (const server of ['localhost', 'http://a:1', 'a:0', 'a:65536', ':9092', 'a b:1']) {
      assert.equal(messages({ 'bootstrap.servers': server }).length, 1, server);
    }
  });

  it('knows the partitioners under our names, Java names and module paths', () => {
    const choice = (name: string, more = {}) =>
      parseProducerConfig({ 'partitioner.class': name, ...more }).config.partitioner;
    const java = 'org.apache.kafka.clients.producer.';
    assert.deepEqual(choice(''), { kind: 'built-in', adaptive: true, ignoreKeys: false });
    assert.deepEqual(choice('uniform-sticky'), { kind: 'built-in', adaptive: false, ignoreKeys: false });
    assert.deepEqual(choice('adaptive', { 'partitioner.ignore.keys': 'true' }), {
      kind: 'built-in',
      adaptive: true,
      ignoreKeys: true,
    });
    assert.deepEqual(choice(`${java}internals.DefaultPartitioner`), { kind: 'sticky', ignoreKeys: false });
    assert.deepEqual(choice(`${java}UniformStickyPartitioner`), { kind: 'sticky', ignoreKeys: true });
    assert.deepEqual(choice(`${java}RoundRobinPartitioner`), { kind: 'round-robin' });
    assert.deepEqual(choice('./mine.ts'), { kind: 'module', path: './mine.ts' });
    assert.match(messages({ 'partitioner.class': 'com.example.Mine' })[0]!, /module path/);
  });

  it('loads without the wire, the record and the client rooms (but what reads security settings), so that listing options is fast', () => {
    for (const file of ['options.ts', 'config.ts', 'config-checks.ts', 'partitioner-choice.ts']) {
      const source = readFileSync(new URL(`../../../core/producer/${file}`, import.meta.url), 'utf8');
      const imports = [...source.matchAll(/^import (?!type).* from '(.*)';/gm)].map((match) => match[1]!);
      for (const path of imports)
        assert.match(path, /^\.\.\/base\/|^\.\/|^\.\.\/client\/security\//, `${file} imports ${path}`);
    }
  });
});
