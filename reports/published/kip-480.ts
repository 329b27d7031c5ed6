import type { Level } from '../levels/levels.ts';
import { countText, figureText } from '../number-text.ts';
import type { ReportTable } from '../report-table.ts';
import { type Claim, claimSentences, levelWith, type Measured, meanOf, ratioOf } from './published-table.ts';

/** A pair of levels that differ by the partitioner alone. */
interface Pair {
  readonly partitions: number;
  readonly lingerMs: number;
  readonly roundRobin: Level;
  readonly sticky: Level;
}

const SOURCE =
  'Apache Kafka Producer Improvements with the Sticky Partitioner, 2019 (confluent.io/blog/apache-kafka-producer-improvements-sticky-partitioner), Java producers and Kafka brokers; it gives ratios in words, no table';

const COLUMNS = [
  { name: 'partitions', isNumber: true, importance: 0 },
  { name: 'linger.ms', isNumber: true, importance: 0 },
  { name: 'records/s', isNumber: true, importance: 2 },
  { name: 'round-robin ms', isNumber: true, importance: 0 },
  { name: 'sticky ms', isNumber: true, importance: 0 },
  { name: 'of', isNumber: false, importance: 0 },
  { name: 'ratio', isNumber: true, importance: 0 },
  { name: 'published', isNumber: false, importance: 0 },
  { name: 'batch bytes', isNumber: true, importance: 3 },
  { name: 'sticky', isNumber: true, importance: 4 },
  { name: 'requests/1000', isNumber: true, importance: 5 },
  { name: 'sticky', isNumber: true, importance: 6 },
];

/** From here on linger.ms, not the load, decides latency. */
const LINGERING_MS = 100;

export function kip480Table(measured: Measured): ReportTable {
  const pairs = pairsOf(measured);
  return {
    title: 'KIP-480: sticky against round-robin, published and measured',
    columns: COLUMNS,
    rows: pairs.map(cellsOf),
    sentences: [
      ...claimSentences(claimsOf(pairs)),
      ...conditionSentences(measured, pairs),
      `Published in: ${SOURCE}.`,
    ],
  };
}

function pairsOf(measured: Measured): Pair[] {
  const levels = measured.table.all.filter(({ trials, failed }) => trials.length > failed);
  const keys = new Set(levels.map((level) => JSON.stringify(placeOf(level))));
  return [...keys]
    .map((key) => JSON.parse(key) as ReturnType<typeof placeOf>)
    .sort((a, b) => a.lingerMs - b.lingerMs || a.partitions - b.partitions)
    .flatMap((place) => {
      const find = (name: string) =>
        levelWith(
          measured,
          (producer, level) =>
            producer['partitioner.class'] === name &&
            JSON.stringify(placeOf(level)) === JSON.stringify(place),
        );
      const [roundRobin, sticky] = [find('round-robin'), find('sticky')];
      return roundRobin === undefined || sticky === undefined ? [] : [{ ...place, roundRobin, sticky }];
    });
}

function placeOf({ trials }: Level): { partitions: number; lingerMs: number } {
  const { topic, producer } = trials[0]!;
  return { partitions: topic.partitions, lingerMs: Number(producer['linger.ms']) };
}

function isLingering({ lingerMs }: Pick<Pair, 'lingerMs'>): boolean {
  return lingerMs >= LINGERING_MS;
}

/** Where batches wait for linger.ms there are too few requests in a phase for a p99: the mean stands for it. */
function latencyOf(level: Level, pair: Pair): number | null {
  return (isLingering(pair) ? level.latency?.mean : level.latency?.p99) ?? null;
}

function latencyRatio(pair: Pair): number | null {
  return ratioOf(latencyOf(pair.sticky, pair), latencyOf(pair.roundRobin, pair));
}

function cellsOf(pair: Pair): string[] {
  const { roundRobin, sticky } = pair;
  return [
    ...[countText(pair.partitions), countText(pair.lingerMs), countText(roundRobin.pacedRate)],
    ...[figureText(latencyOf(roundRobin, pair)), figureText(latencyOf(sticky, pair))],
    isLingering(pair) ? 'mean' : 'p99',
    figureText(latencyRatio(pair)),
    publishedRatio(pair),
    ...[countText(batchBytesOf(roundRobin)), countText(batchBytesOf(sticky))],
    ...[figureText(requestsOf(roundRobin)), figureText(requestsOf(sticky))],
  ];
}

function publishedRatio(pair: Pair): string {
  if (isLingering(pair)) return 'p99 0.2';
  return pair.partitions === 16 ? 'about 0.5' : 'less than at 16';
}

function batchBytesOf(level: Level): number | null {
  return meanOf(level, ({ batches }) => batches.meanBytes);
}

function requestsOf(level: Level): number | null {
  const perRecord = meanOf(level, ({ batches }) => batches.requestsPerRecord);
  return perRecord === null ? null : perRecord * 1000;
}

function claimsOf(pairs: readonly Pair[]): Claim[] {
  const busy = pairs.filter((pair) => !isLingering(pair));
  const lingering = pairs.filter(isLingering);
  const everywhere = (of: readonly Pair[], holds: (pair: Pair) => boolean | null): boolean | null => {
    const known = of.map(holds).filter((one) => one !== null);
    return known.length === 0 ? null : known.every(Boolean);
  };
  const below = (pair: Pair): boolean | null => {
    const ratio = latencyRatio(pair);
    return ratio === null ? null : ratio < 1;
  };
  const compare = (figure: (level: Level) => number | null) => (pair: Pair) => {
    const ratio = ratioOf(figure(pair.sticky), figure(pair.roundRobin));
    return ratio === null ? null : ratio;
  };
  const batches = compare(batchBytesOf);
  const requests = compare(requestsOf);
  const holds = (ratio: number | null, test: (ratio: number) => boolean) =>
    ratio === null ? null : test(ratio);
  return [
    {
      isSeen: everywhere(busy, below),
      text: `sticky's p99 is below round-robin's under load (${listed(busy)}; published: about half at 16)`,
    },
    {
      isSeen: everywhere(busy, (pair) => holds(batches(pair), (ratio) => ratio > 1)),
      text: 'sticky makes larger batches under load',
    },
    {
      isSeen: everywhere(busy, (pair) => holds(requests(pair), (ratio) => ratio < 1)),
      text: 'sticky makes fewer requests under load',
    },
    {
      isSeen: growth(busy),
      text: "round-robin's p99 grows faster with the partitions than sticky's",
    },
    {
      isSeen: everywhere(lingering, below),
      text: `with linger.ms=1000 sticky does not wait for it, round-robin does (${listed(lingering)} of its mean; published: a fifth of its p99)`,
    },
  ];
}

function listed(pairs: readonly Pair[]): string {
  const parts = pairs.map((pair) => `${figureText(latencyRatio(pair))} times at ${pair.partitions}`);
  return parts.length === 0 ? 'no rows' : parts.join(', ');
}

/** From the fewest partitions to the most. */
function growth(pairs: readonly Pair[]): boolean | null {
  const [first, last] = [pairs[0], pairs.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const own = ratioOf(latencyOf(last.roundRobin, last), latencyOf(first.roundRobin, first));
  const other = ratioOf(latencyOf(last.sticky, last), latencyOf(first.sticky, first));
  return own === null || other === null ? null : own > other;
}

function conditionSentences({ result }: Measured, pairs: readonly Pair[]): string[] {
  const trial = result.trials[0];
  if (trial === undefined) return [];
  const where = trial.target.kind === 'embedded' ? 'embedded brokers' : 'brokers';
  return [
    `Here replication factor ${trial.topic.replicationFactor} and ${producersText(trial.generators)} on ${where}; there replication factor 3 and 3 producers at thousands of records per second, on machines of their own.`,
    ...(pairs.some(isLingering)
      ? ['At linger.ms=1000 there are too few requests for a p99 in a phase of seconds: means are compared.']
      : []),
  ];
}

function producersText(count: number): string {
  return count === 1 ? 'one producer' : `${count} producers`;
}
