/** Keys land on the partitions that the Java producer chooses: Kafka's own ConsoleProducer is asked, not a formula. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SeededRandom } from '../../core/base/random.ts';
import type { Cluster } from '../../core/client/cluster.ts';
import { Producer } from '../../core/producer/producer.ts';
import { endWithParent } from '../kafka/bound-process.ts';
import type { KafkaCluster } from '../kafka/start-kafka.ts';
import { connectAdmin, makeTopic } from './connect-admin.ts';
import { consumeWithConsole } from './console-consumer.ts';
import { sendAll } from './send-forms.ts';
import { startTestKafka } from './start-test-kafka.ts';

const KEYS = 10_000;
const KEY_SEPARATOR = '\x1f';
const SEED = 20_250_917;
const ALPHABETS = [
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789',
  'äöüßéèñçøå',
  '世界你好こんにちは',
  '🦀🌊🎉🐘',
  ' \t,;:"\'',
];

endWithParent();
let kafka: KafkaCluster;
let admin: Cluster;

before(async () => {
  kafka = await startTestKafka();
  admin = await connectAdmin(kafka.bootstrapServers);
});

after(async () => {
  await admin?.close();
  await kafka?.close();
});

/** Distinct keys: the empty one, long ones, up to 40 characters of one alphabet or of all; any number of bytes modulo 4. */
function makeKeys(count: number): string[] {
  const random = new SeededRandom(SEED);
  const alphabets = [...ALPHABETS, ALPHABETS.join('')].map((alphabet) => [...alphabet]);
  const keys = new Set([
    '',
    'x'.repeat(10_000),
    'ж'.repeat(5_000),
    '21',
    'foobar',
    'a-little-bit-long-string',
  ]);
  while (keys.size < count) {
    const alphabet = alphabets[random.nextBelow(alphabets.length)]!;
    const length = 1 + random.nextBelow(40);
    keys.add(Array.from({ length }, () => alphabet[random.nextBelow(alphabet.length)]).join(''));
  }
  return [...keys];
}

for (const partitions of [12, 7, 50]) {
  test(`${KEYS} keys on ${partitions} partitions`, async () => {
    const topic = `keys-${partitions}`;
    await makeTopic(admin, topic, { partitions });
    const keys = makeKeys(KEYS);
    await produceWithConsole(topic, keys);
    const producer = new Producer({ 'bootstrap.servers': kafka.bootstrapServers });
    // As text and as bytes: the two are hashed in different ways.
    const records = keys.map((key, index) => ({
      topic,
      key: index % 2 === 0 ? key : Buffer.from(key),
      value: `tidemark ${index}`,
    }));
    await sendAll(producer, records, 'callback');
    await producer.close();

    const chosen = { java: new Map<number, number>(), tidemark: new Map<number, number>() };
    for (const { key, value, partition } of await consumeWithConsole(kafka, [topic], 2 * KEYS)) {
      const [, who, index] = /^(java|tidemark) (\d+)$/.exec(value ?? '') ?? assert.fail(`value ${value}`);
      assert.equal(key, keys[Number(index)]);
      chosen[who as 'java' | 'tidemark'].set(Number(index), partition);
    }
    assert.equal(chosen.java.size, KEYS);
    assert.equal(chosen.tidemark.size, KEYS);
    assert.equal(new Set(chosen.java.values()).size, partitions, 'every partition has keys');
    const differing = keys.filter((_, index) => chosen.java.get(index) !== chosen.tidemark.get(index));
    assert.deepEqual(differing, []);
  });
}

async function produceWithConsole(topic: string, keys: readonly string[]): Promise<void> {
  const input = keys.map((key, index) => `${key}${KEY_SEPARATOR}java ${index}\n`).join('');
  await kafka.toolOutput(
    'org.apache.kafka.tools.ConsoleProducer',
    [
      ...['--bootstrap-server', kafka.bootstrapServers, '--topic', topic],
      ...['--property', 'parse.key=true', '--property', `key.separator=${KEY_SEPARATOR}`],
    ],
    { input },
  );
}
