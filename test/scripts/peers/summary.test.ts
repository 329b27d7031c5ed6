import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import type { Comparison } from '../../../scripts/peers/comparison.ts';
import { shuffled } from '../../../scripts/peers/rounds.ts';
import { SCENARIOS } from '../../../scripts/peers/scenarios.ts';
import { summarize } from '../../../scripts/peers/summary.ts';
import { markdownText, replaceFigures, terminalText } from '../../../scripts/peers/table.ts';
import type { Trial } from '../../../scripts/peers/trial.ts';

const SCENARIO = SCENARIOS[0]!;

function trial(client: string, round: number, rate: number, cpuNs: number): Trial {
  const records = rate * 2;
  const figures = {
    version: '1.0',
    acknowledged: records + 10,
    records,
    seconds: 2,
    cpuSeconds: (records * cpuNs) / 1e9,
    settings: { acks: '1' },
  };
  return { scenario: SCENARIO.name, client, round, figures, storedBytesPerRecord: 110 };
}

const TRIALS = [
  trial('tidemark', 1, 4e6, 100),
  trial('java', 1, 1e6, 400),
  trial('tidemark', 2, 1e6, 300),
  trial('java', 2, 0.25e6, 600),
  // A round in which Tidemark failed: the peer's figure counts, a ratio cannot be made.
  trial('java', 3, 0.5e6, 500),
];

function comparison(): Comparison {
  const machine = { cpu: 'a CPU', cores: 2, memoryGiB: 8, system: 'Linux', node: '24', java: '17' };
  return {
    date: '2026-01-02',
    command: 'npm run bench:peers',
    machine,
    broker: 'Apache Kafka',
    seed: 1,
    rounds: 3,
    warmupMs: 2000,
    windowMs: 3000,
    unused: [{ client: 'franz-go', reason: 'toolchain absent: there is no go' }],
    failures: [{ client: 'tidemark', scenario: SCENARIO.name, round: 3, reason: 'it lied' }],
    scenarios: summarize(TRIALS, [SCENARIO], ['tidemark', 'java', 'kafkajs']),
    trials: TRIALS,
  };
}

test('ratios are taken within rounds, and only where both clients have a trial', () => {
  const { clients } = summarize(TRIALS, [SCENARIO], ['tidemark', 'java', 'kafkajs'])[0]!;
  assert.deepEqual(
    clients.map(({ client }) => client),
    ['tidemark', 'java'],
  );
  const [own, java] = clients;
  assert.equal(own!.rateRatio, null);
  assert.equal(java!.rateRatio!.n, 2);
  assert.ok(Math.abs(java!.rateRatio!.ratio - 4) < 1e-9);
  assert.ok(Math.abs(java!.cpuRatio!.ratio - Math.sqrt(0.25 * 0.5)) < 1e-9);
  assert.equal(java!.recordsPerSecond.median, 0.5e6);
  assert.equal(Math.round(java!.cpuNsPerRecord.median), 500);
});

test('both outputs have the figures, the settings, and name who was not measured and what failed', () => {
  for (const text of [terminalText(comparison()), markdownText(comparison())]) {
    for (const part of [
      'java 1.0',
      '0.500 [0.250, 1.000]',
      '4.00x',
      'acks=1',
      'franz-go: toolchain absent: there is no go',
      'FAILED: tidemark in 100b, round 3: it lied',
      'fewer than 6 rounds',
      'a CPU, 2 cores, 8 GiB',
    ])
      assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
  }
});

test('figures are replaced between their marks, and nothing else is', () => {
  const marks = (name: string) => `<!-- figures of npm run bench:peers: ${name} -->`;
  const document = `# Before\n${marks('begin')}\nold\n${marks('end')}\nafter\n`;
  const replaced = replaceFigures(document, 'new\n');
  assert.equal(replaced, `# Before\n${marks('begin')}\n\nnew\n\n${marks('end')}\nafter\n`);
  assert.equal(replaceFigures('# no marks', 'new'), null);
});

test('orders of a seed are the same again, and every client comes first at some time', () => {
  const items = ['a', 'b', 'c', 'd'];
  const first = new Map<string, number>();
  const random = new SeededRandom(3);
  for (let round = 0; round < 4000; round++) {
    const order = shuffled(items, random);
    assert.deepEqual([...order].sort(), items);
    first.set(order[0]!, (first.get(order[0]!) ?? 0) + 1);
  }
  for (const item of items) assert.ok(Math.abs(first.get(item)! - 1000) < 150, `${item}: ${first.get(item)}`);
  assert.deepEqual(shuffled(items, new SeededRandom(9)), shuffled(items, new SeededRandom(9)));
});
