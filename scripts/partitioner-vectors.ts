/**
 * `npm run check:partitioners`: the placements of `tidemark partitioners` held to those of the clients themselves, 10,000
 * keys each, at several numbers of partitions: kafkajs and @platformatic/kafka, the Java producer, librdkafka by kcat, and
 * franz-go, sarama and kafka-go. One line per check, then `N passed, N failed`; exit 1 when one failed, or when a client
 * cannot be had. With --write, test/bench/partitioners/fixtures/vectors.ndjson is made anew from some of their answers.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HASH_STRATEGIES } from '../bench/partitioners/hash-strategies.ts';
import { KeyTable } from '../bench/partitioners/key-table.ts';
import { goParties } from './partitioner-vectors/go-parties.ts';
import { java } from './partitioner-vectors/java-party.ts';
import { librdkafka } from './partitioner-vectors/kcat-party.ts';
import { keysToPlace } from './partitioner-vectors/keys-to-place.ts';
import { kafkajs, platformatic } from './partitioner-vectors/node-parties.ts';
import type { Party } from './partitioner-vectors/party.ts';
import { Tally } from './tally.ts';

const PARTITIONS = [12, 16, 97];
const FIXTURE = fileURLToPath(new URL('../test/bench/partitioners/fixtures/vectors.ndjson', import.meta.url));
/** Of 10,000 keys, for the fixture. */
const FIXTURE_EVERY = 37;
/** Longer ones make the fixture large. */
const FIXTURE_KEY_BYTES = 64;

type Placed = readonly (number | null)[];

const isEmpty = (key: Buffer): boolean => key.length === 0;

/** Each family of clients, made when it is its turn: one that is missing fails alone. */
const FAMILIES: Readonly<Record<string, () => Promise<Party[]>>> = {
  kafkajs: async () => [kafkajs()],
  '@platformatic/kafka': async () => [platformatic()],
  Java: async () => [await java()],
  librdkafka: async () => [
    librdkafka('consistent_random', 'librdkafka-crc32', isEmpty),
    librdkafka('murmur2_random', 'java-murmur2'),
    librdkafka('fnv1a_random', 'sarama-fnv1a'),
  ],
  Go: goParties,
};

const keys = keysToPlace();
const table = new KeyTable();
for (const key of keys) table.add(key, 0, key.length, 1);
/** What the first client of each strategy said, by number of partitions. */
const answers = new Map<string, { readonly by: string; readonly placed: Map<number, Placed> }>();
const tally = new Tally();

for (const [family, parties] of Object.entries(FAMILIES)) {
  try {
    for (const party of await parties()) await checkParty(party);
  } catch (error) {
    tally.check(family, false, error instanceof Error ? error.message : String(error));
  }
}
tally.end();
if (process.argv.includes('--write') && !tally.hasFailed) writeFixture();

async function checkParty(party: Party): Promise<void> {
  const own = ownPlacement(party.strategy);
  for (const partitions of PARTITIONS) {
    const placed = await party.place(keys, partitions);
    const wrong = placed.findIndex((one, index) => one !== null && one !== own(index, partitions));
    const compared = placed.filter((one) => one !== null).length;
    const isGood = wrong === -1 && compared >= keys.length - 1;
    const what = `${party.name} places ${compared} keys over ${partitions} partitions as ${party.strategy}`;
    const key =
      wrong === -1
        ? ''
        : `key 0x${keys[wrong]!.toString('hex')}: ${placed[wrong]}, not ${own(wrong, partitions)}`;
    tally.check(what, isGood, key);
    noteAnswer(party, partitions, placed);
  }
}

function ownPlacement(name: string): (index: number, partitions: number) => number {
  const strategy = HASH_STRATEGIES.find(({ text }) => text.name === name)!;
  const hashes = strategy.hashes(table);
  return (index, partitions) => strategy.place(hashes[index]!, partitions);
}

/** For the fixture: of the clients that share a strategy, the one that it is named for. */
function noteAnswer({ name, strategy }: Party, partitions: number, placed: Placed): void {
  const namesake = strategy.split('-')[0]!;
  if (!name.toLowerCase().includes(namesake)) return;
  if (answers.has(strategy) && answers.get(strategy)!.by !== name) return;
  if (!answers.has(strategy)) answers.set(strategy, { by: name, placed: new Map() });
  answers.get(strategy)!.placed.set(partitions, placed);
}

function writeFixture(): void {
  const chosen = keys
    .map((_, index) => index)
    .filter(
      (index) => (index < 30 || index % FIXTURE_EVERY === 0) && keys[index]!.length <= FIXTURE_KEY_BYTES,
    );
  const strategies = [...answers].map(([strategy, { by, placed }]) => ({
    strategy,
    placedBy: by,
    partitions: Object.fromEntries(
      [...placed].map(([partitions, all]) => [partitions, chosen.map((index) => all[index])]),
    ),
  }));
  const origin =
    'Answers of the clients themselves: node scripts/partitioner-vectors.ts --write. null: drawn at random.';
  const head = { origin, keysInHex: chosen.map((index) => keys[index]!.toString('hex')) };
  const lines = [head, ...strategies].map((line) => `${JSON.stringify(line)}\n`);
  mkdirSync(dirname(FIXTURE), { recursive: true });
  writeFileSync(FIXTURE, lines.join(''));
  console.log(`${chosen.length} keys under ${strategies.length} strategies in ${FIXTURE}`);
}
