import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseProperties } from '../../../bench/properties-file.ts';
import { parseProducerConfig } from '../../../core/producer/config/config.ts';
import { PRODUCER_OPTIONS } from '../../../core/producer/config/options.ts';
import { writeProperties, writePropertiesTemplate } from '../../../core/producer/config/write-properties.ts';

const BYTES = 'org.apache.kafka.common.serialization.ByteArraySerializer';

function written(properties: Record<string, string | number | boolean>): string {
  return writeProperties(parseProducerConfig(properties).config.effective);
}

function read(text: string): Record<string, string> {
  return Object.fromEntries(parseProperties(text).properties.map(({ name, value }) => [name, value]));
}

describe('a configuration written out for Java', () => {
  it("is what differs from Kafka's defaults, and the serializers Java does not start without", () => {
    const given = { 'enable.idempotence': true, 'linger.ms': 7, 'batch.size': 16_384, 'client.id': 'me' };
    assert.deepEqual(read(written(given)), {
      'linger.ms': '7',
      'client.id': 'me',
      'key.serializer': BYTES,
      'value.serializer': BYTES,
    });
    assert.equal(read(written({ 'enable.idempotence': false }))['enable.idempotence'], 'false');
  });

  it("has Kafka's own properties for what Kafka does by itself, and no partitioner.class", () => {
    const partitioner = (name: string, more: Record<string, boolean> = {}) =>
      Object.entries(read(written({ 'partitioner.class': name, ...more }))).filter(([property]) =>
        property.startsWith('partitioner.'),
      );
    const even = ['partitioner.adaptive.partitioning.enable', 'false'];
    assert.deepEqual(partitioner('adaptive'), []);
    assert.deepEqual(partitioner('keyed', { 'partitioner.ignore.keys': true }), []);
    assert.deepEqual(partitioner('uniform-sticky'), [even]);
    assert.deepEqual(partitioner('', { 'partitioner.adaptive.partitioning.enable': false }), [even]);
    assert.deepEqual(partitioner('adaptive', { 'partitioner.ignore.keys': true }), [
      ['partitioner.ignore.keys', 'true'],
    ]);
    assert.deepEqual(partitioner('round-robin'), [
      ['partitioner.class', 'org.apache.kafka.clients.producer.RoundRobinPartitioner'],
    ]);
  });

  it('says in a comment what 4.1 has no counterpart for', () => {
    const comments = (properties: Record<string, string>): string =>
      written(properties)
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .join('\n');
    assert.match(comments({ 'partitioner.class': 'sticky' }), /sticky here.*4\.1 no longer has it/);
    assert.match(comments({ 'partitioner.class': 'random' }), /random here.*no such partitioner/);
    assert.match(comments({ 'partitioner.class': './mine.ts' }), /mine\.ts \(a module, which Java cannot/);
    assert.match(comments({ 'interceptor.classes': './a.ts' }), /interceptor\.classes=\.\/a\.ts \(modules/);
    assert.match(comments({ 'value.serializer': 'json' }), /value\.serializer=json here/);
    assert.equal(comments({}), '');
  });

  it("names serializers by Kafka's classes", () => {
    const java = (name: string): string => read(written({ 'key.serializer': name }))['key.serializer']!;
    for (const [name, className] of [
      ['string', 'String'],
      ['integer', 'Integer'],
      ['long', 'Long'],
      ['double', 'Double'],
      ['uuid', 'UUID'],
      ['null', 'Void'],
      ['bytes', 'ByteArray'],
      ['json', 'String'],
      ['./mine.ts', 'ByteArray'],
    ] as const) {
      assert.equal(java(name), `org.apache.kafka.common.serialization.${className}Serializer`);
    }
  });

  it('holds no secret, but says that there was one', () => {
    const text = written({ 'sasl.jaas.config': 's3cr3t', 'ssl.key.password': 's3cr3t' });
    assert.ok(!text.includes('s3cr3t'));
    assert.match(text, /^# sasl\.jaas\.config=\[hidden\]$/m);
    assert.ok(!Object.hasOwn(read(text), 'sasl.jaas.config'));
  });

  it('reads back as it was, whatever the text', () => {
    assert.match(
      written({ 'client.id': 'a\\b#c!d=e:f ä😀' }),
      /client\.id=a\\\\b\\#c\\!d\\=e\\:f \\u00E4\\uD83D\\uDE00/,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const file = written({ 'client.id': text });
        assert.match(file, /^[\x20-\x7e\n]*$/);
        assert.equal(read(file)['client.id'] ?? '', text.trim());
      }),
    );
  });

  it('reads back to the same configuration, whatever is set', () => {
    const given = {
      acks: '1',
      'enable.idempotence': false,
      'delivery.timeout.ms': 40_000,
      'reconnect.backoff.ms': 20,
      'ssl.enabled.protocols': 'TLSv1.3',
      'metadata.recovery.strategy': 'NONE',
    };
    const first = parseProducerConfig(given).config.effective;
    const again = parseProducerConfig(read(writeProperties(first))).config.effective;
    assert.deepEqual(
      { ...again, 'key.serializer': null, 'value.serializer': null },
      { ...first, 'key.serializer': null, 'value.serializer': null },
    );
  });
});

describe('the template of all properties', () => {
  it('names each with its text and default, and is a configuration of defaults', () => {
    const template = writePropertiesTemplate();
    for (const { name } of PRODUCER_OPTIONS) assert.match(template, new RegExp(`^(# )?${name}=`, 'm'));
    assert.deepEqual(read(template), { 'key.serializer': BYTES, 'value.serializer': BYTES });
    const all = template.replaceAll(/^# ([a-z][a-z.0-9]+=\S*)$/gm, '$1');
    const { problems } = parseProducerConfig({ ...read(all), 'transactional.id': 'unset' });
    assert.deepEqual(
      problems.map(({ property }) => property),
      ['transactional.id'],
    );
  });
});
