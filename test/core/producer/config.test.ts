import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseProducerConfig } from '../../../core/producer/config/config.ts';

function messages(properties: Record<string, string | number | boolean>): string[] {
  return parseProducerConfig(properties).problems.map((problem) => problem.message);
}

describe('producer configuration', () => {
  it('has the defaults of Kafka 4.1', () => {
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
    assert.equal(config.effective['enable.idempotence'], true);
    assert.ok(config.isIdempotent);
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

  it('says of each server that is none what is wrong with it', () => {
    assert.deepEqual(messages({ 'bootstrap.servers': 'a:1, b:65535,[::1]:9092' }), []);
    const complaints: Record<string, RegExp> = {
      localhost: /port is missing/,
      'http://kafka:9092': /not a web address.*without http:/,
      'SSL://kafka:9093': /security\.protocol=SSL/,
      'kafka:9o92': /its port "9o92" is no number/,
      'kafka:9092;kafka2:9092': /commas between/,
      'kafka:9092 kafka2:9092': /commas between/,
      '::1:9092': /brackets/,
      'a:0': /between 1 and 65535/,
      'a:65536': /between 1 and 65535/,
      ':9092': /host:port/,
      'a b:1': /host:port/,
      'a/b:1': /host:port/,
    };
    for (const [server, complaint] of Object.entries(complaints)) {
      const found = messages({ 'bootstrap.servers': `ok:1,${server}` });
      assert.equal(found.length, 1, server);
      assert.match(found[0]!, complaint);
      assert.ok(found[0]!.includes(JSON.stringify(server)), found[0]);
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

  it("knows serializers under our names, Kafka's class names and module paths", () => {
    const choice = (name: string) => parseProducerConfig({ 'value.serializer': name }).config.valueSerializer;
    const java = 'org.apache.kafka.common.serialization.';
    assert.equal(choice(''), null);
    assert.deepEqual(choice('json'), { kind: 'built-in', name: 'json' });
    assert.deepEqual(choice(`${java}StringSerializer`), { kind: 'built-in', name: 'string' });
    assert.deepEqual(choice('./avro.mjs'), { kind: 'module', path: './avro.mjs' });
    const { config } = parseProducerConfig({ 'key.serializer': `${java}LongSerializer` });
    assert.deepEqual(config.keySerializer, { kind: 'built-in', name: 'long' });
    assert.equal(config.valueSerializer, null);
    assert.match(messages({ 'key.serializer': 'io.confluent.KafkaAvroSerializer' })[0]!, /module path/);
    assert.equal(parseProducerConfig({ 'key.serializer': 'sting' }).problems[0]?.suggestion, 'string');
  });

  it('takes interceptors as modules alone', () => {
    const { config } = parseProducerConfig({ 'interceptor.classes': './a.ts, ../b.mjs' });
    assert.deepEqual(config.interceptors, ['./a.ts', '../b.mjs']);
    assert.deepEqual(parseProducerConfig({}).config.interceptors, []);
    const [message] = messages({ 'interceptor.classes': './a.ts,com.example.Tracing' });
    assert.match(message!, /got "com.example.Tracing": Java classes cannot run here/);
  });

  it('makes one reconnect.backoff of two a pause that does not grow, as Kafka does', () => {
    const { config, warnings } = parseProducerConfig({ 'reconnect.backoff.ms': 20 });
    assert.equal(config.reconnectBackoffMaxMs, 20);
    assert.match(warnings[0]!, /reconnect\.backoff\.ms without reconnect\.backoff\.max\.ms/);
    const both = parseProducerConfig({ 'reconnect.backoff.ms': 20, 'reconnect.backoff.max.ms': 80 });
    assert.equal(both.config.reconnectBackoffMaxMs, 80);
    assert.deepEqual(both.warnings, []);
  });

  it('warns where a first pause is above the longest one', () => {
    const { warnings } = parseProducerConfig({
      'retry.backoff.ms': 2000,
      'socket.connection.setup.timeout.ms': 40_000,
    });
    assert.equal(warnings.length, 2);
    assert.match(warnings[0]!, /retry\.backoff\.ms 2000 is above retry\.backoff\.max\.ms 1000/);
    assert.match(warnings[1]!, /socket\.connection\.setup\.timeout\.max\.ms 30000/);
  });

  it('warns of partitioner settings that the partitioner chosen does not read', () => {
    const { warnings } = parseProducerConfig({
      'partitioner.class': 'round-robin',
      'partitioner.adaptive.partitioning.enable': false,
      'partitioner.availability.timeout.ms': 100,
    });
    assert.deepEqual(warnings, [
      'partitioner.adaptive.partitioning.enable=false has no effect with partitioner.class=round-robin',
      'partitioner.availability.timeout.ms=100 has no effect with partitioner.class=round-robin',
    ]);
  });

  it('says which ssl.* and sasl.* are not used by the protocol', () => {
    const plain = parseProducerConfig({ 'ssl.truststore.type': 'PEM', 'sasl.mechanism': 'PLAIN' });
    assert.deepEqual(plain.problems, []);
    assert.match(plain.warnings.join('\n'), /ssl\.truststore\.type has no effect.*set SSL/);
    assert.match(plain.warnings.join('\n'), /sasl\.mechanism has no effect.*set SASL_PLAINTEXT/);
    assert.match(
      messages({ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': '' })[0]!,
      /sasl\.mechanism must not be empty with security\.protocol=SASL_SSL/,
    );
  });

  it('loads without the wire, the record and the client rooms (but what reads security settings), so that listing options is fast', () => {
    const files = [
      'options.ts',
      'config.ts',
      'config-checks.ts',
      'idempotence-checks.ts',
      'partitioner-choice.ts',
    ];
    for (const file of [...files, 'serializer-choice.ts']) {
      const source = readFileSync(new URL(`../../../core/producer/config/${file}`, import.meta.url), 'utf8');
      const imports = [...source.matchAll(/^import (?!type).* from '(.*)';/gm)].map((match) => match[1]!);
      for (const path of imports)
        assert.match(
          path,
          /^\.\.\/\.\.\/base\/|^\.\/|^\.\.\/\.\.\/client\/(security\/|bootstrap-servers)/,
          `${file} imports ${path}`,
        );
    }
  });
});
