import type { Level } from '../levels/levels.ts';
import { countText, figureText } from '../number-text.ts';
import type { ReportTable } from '../report-table.ts';
import {
  type Demand,
  estimateText,
  type JudgedRatio,
  judgeRatio,
  ratiosWithin,
  type TrialFigure,
  type Verdict,
} from './judged-ratio.ts';
import { type Claim, claimSentences, levelWith, type Measured, meanOf, roundsOf } from './published-table.ts';

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
      ...claimSentences(claimsOf(pairs), roundsOf(measured)),
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

/** Sticky over round-robin, round by round; none where a percentile is not shown, which decides nothing. */
function latencyRatios(pair: Pair): ReadonlyMap<number, number> {
  const isKnown = [pair.sticky, pair.roundRobin].every((level) => latencyOf(level, pair) !== null);
  const figure: TrialFigure = ({ latencyMs }) => (isLingering(pair) ? latencyMs.mean : latencyMs.p99);
  return isKnown ? ratiosWithin(figure, pair.sticky, pair.roundRobin) : new Map();
}

const BELOW_1: Demand = { kind: 'below', limit: 1 };

function latencyRatio(pair: Pair): JudgedRatio | null {
  return judgeRatio([...latencyRatios(pair).values()], BELOW_1);
}

function cellsOf(pair: Pair): string[] {
  const { roundRobin, sticky } = pair;
  return [
    ...[countText(pair.partitions), countText(pair.lingerMs), countText(roundRobin.pacedRate)],
    ...[figureText(latencyOf(roundRobin, pair)), figureText(latencyOf(sticky, pair))],
    isLingering(pair) ? 'mean' : 'p99',
    figureText(latencyRatio(pair)?.estimate.value ?? null),
    publishedRatio(pair),
    ...[countText(batchBytesOf(roundRobin)), countText(batchBytesOf(sticky))],
    ...[figureText(requestsOf(roundRobin)), figureText(requestsOf(sticky))],
  ];
}

function publishedRatio(pair: Pair): string {
  if (isLingering(pair)) return 'p99 0.2';
  return pair.partitions === 16 ? 'about 0.5' : 'less than at 16';
}

const batchBytes: TrialFigure = ({ batches }) => batches.meanBytes;
const requestsPerRecord: TrialFigure = ({ batches }) => batches.requestsPerRecord;

function batchBytesOf(level: Level): number | null {
  return meanOf(level, batchBytes);
}

function requestsOf(level: Level): number | null {
  const perRecord = meanOf(level, requestsPerRecord);
  return perRecord === null ? null : perRecord * 1000;
}

function claimsOf(pairs: readonly Pair[]): Claim[] {
  const busy = pairs.filter((pair) => !isLingering(pair));
  const lingering = pairs.filter(isLingering);
  const judged = (figure: TrialFigure, demand: Demand) =>
    busy.map((pair) => judgeRatio([...ratiosWithin(figure, pair.sticky, pair.roundRobin).values()], demand));
  const growth = growthOf(busy);
  return [
    {
      verdict: everywhere(busy.map(latencyRatio)),
      text: `sticky's p99 is below round-robin's under load (${listed(busy, '')}published: about half at 16)`,
    },
    {
      verdict: everywhere(judged(batchBytes, { kind: 'at least', limit: 1 })),
      text: 'sticky makes larger batches under load',
    },
    {
      verdict: everywhere(judged(requestsPerRecord, BELOW_1)),
      text: 'sticky makes fewer requests under load',
    },
    {
      verdict: growth?.verdict ?? null,
      text: `round-robin's p99 grows faster with the partitions than sticky's${growth === null ? '' : `, ${estimateText(growth.estimate)} as much`}`,
    },
    {
      verdict: everywhere(lingering.map(latencyRatio)),
      text: `with linger.ms=1000 sticky does not wait for it, round-robin does (${listed(lingering, ' of its mean')}published: a fifth of its p99)`,
    },
  ];
}

/** Of a claim about every pair: refuted by one, shown by all that are known. */
function everywhere(judged: readonly (JudgedRatio | null)[]): Verdict | null {
  const known = judged.filter((one) => one !== null).map(({ verdict }) => verdict);
  if (known.length === 0) return null;
  if (known.includes('fails')) return 'fails';
  return known.every((verdict) => verdict === 'holds') ? 'holds' : 'not decided';
}

/** Those that are known, up to what follows. */
function listed(pairs: readonly Pair[], of: string): string {
  const parts = pairs.flatMap((pair) => {
    const ratio = latencyRatio(pair);
    return ratio === null ? [] : [`${estimateText(ratio.estimate)} at ${countText(pair.partitions)}`];
  });
  return parts.length === 0 ? '' : `${parts.join(', ')}${of}; `;
}

/** Of round-robin's p99 over sticky's, from the fewest partitions to the most. */
function growthOf(pairs: readonly Pair[]): JudgedRatio | null {
  const [first, last] = [pairs[0], pairs.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const [few, many] = [latencyRatios(first), latencyRatios(last)];
  const growths = [...few].flatMap(([round, ratio]) => {
    const later = many.get(round);
    return later === undefined ? [] : [ratio / later];
  });
  return judgeRatio(growths, { kind: 'at least', limit: 1 });
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
