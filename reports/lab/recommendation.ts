import { countText, figureText, partitionsText } from '../number-text.ts';
import type { LabResult, Recommendation, StrategyPlacement } from './lab-result.ts';
import { placementsAt } from './lab-result.ts';
import { shareText } from './share-text.ts';

/** What the figures are, before anything is advised. */
export type LabFigures = Omit<LabResult, 'recommendation'>;

/** The rule of most clients, which all but two others can be set to. */
export const COMMON_STRATEGY = 'java-murmur2';
/** How much more even another strategy must be to be worth leaving the common one. */
const WORTH_LEAVING = 1.1;
/** Characters of a key in a sentence. */
const MOST_KEY = 48;
/** From here on a distribution is called uneven. */
const UNEVEN = 1.25;

const WITHOUT_ORDER =
  'Where no consumer relies on the order of a key, send without keys (or with partitioner.ignore.keys=true): even, and in larger batches than round-robin makes.';
const NOT_MEASURED =
  'Records without a key are left out: where the sticky partitioners put them depends on batches and brokers, which only a run shows (tidemark partitioners --load).';

/** The advice for keys beside a run, which says itself what is with records without order. */
export function besideRun({ reasons, limits, ...advice }: Recommendation): Recommendation {
  return {
    ...advice,
    reasons: reasons.filter((text) => text !== WITHOUT_ORDER),
    limits: limits.filter((text) => text !== NOT_MEASURED),
  };
}

/**
 * Advice for the first number of partitions given. The common strategy, unless a module of the user's is more even by a
 * tenth: between the hash functions of clients such differences are luck of the keys, and a topic has one rule or none.
 */
export function recommend(lab: LabFigures): Recommendation {
  const partitions = lab.partitions[0]!;
  const placements = placementsAt(lab, partitions);
  const keyed = placements.filter((one) => one.isKeyed);
  const common = keyed.find(({ name }) => name === COMMON_STRATEGY)!;
  const modules = keyed.filter(({ clients }) => clients.length === 0);
  const best = modules.toSorted((a, b) => a.maxOverMean - b.maxOverMean)[0];
  const isModule = best !== undefined && best.maxOverMean * WORTH_LEAVING < common.maxOverMean;
  const chosen = isModule ? best : common;
  return {
    strategy: chosen.name,
    advice: `Place keys by ${chosen.name} in every client that writes to the topic.`,
    reasons: [
      isModule ? moduleReason(chosen, common) : commonReason(common, keyed),
      ...mixReasons(lab, chosen, partitions),
      ...skewReasons(lab, chosen),
      ...moveReasons(lab, chosen),
      WITHOUT_ORDER,
    ],
    limits: limitsOf(lab),
  };
}

function evenness({ maxOverMean, gini }: StrategyPlacement): string {
  return `max/mean ${figureText(maxOverMean)}, Gini ${gini.toFixed(3)}`;
}

function moduleReason(chosen: StrategyPlacement, common: StrategyPlacement): string {
  return `It spreads these keys over ${partitionsText(chosen.partitions)} with ${evenness(chosen)}; ${common.name} with ${evenness(common)}. It pays only where all that write to the topic can run it.`;
}

function commonReason(common: StrategyPlacement, keyed: readonly StrategyPlacement[]): string {
  const evenest = keyed.toSorted((a, b) => a.maxOverMean - b.maxOverMean)[0]!;
  const beside =
    evenest.maxOverMean * WORTH_LEAVING < common.maxOverMean
      ? `; ${evenest.name} reaches ${figureText(evenest.maxOverMean)} with them, which is luck of these keys`
      : ', and no other keyed strategy is more even by a tenth';
  return `It spreads these keys over ${partitionsText(common.partitions)} with ${evenness(common)}${beside}. It is the default of most clients, and librdkafka's (Python, .NET, Go, C) join with partitioner=murmur2_random.`;
}

function mixReasons(lab: LabFigures, chosen: StrategyPlacement, partitions: number): string[] {
  const defaults = placementsAt(lab, partitions).filter(({ service }) => service !== null);
  const own = lab.disagreement.flatMap((one) => {
    if (one.partitions !== partitions || (one.a !== chosen.name && one.b !== chosen.name)) return [];
    const other = one.a === chosen.name ? one.b : one.a;
    return defaults.some(({ name }) => name === other) ? [{ other, share: one.share }] : [];
  });
  const worst = own.toSorted((a, b) => b.share - a.share)[0];
  if (worst === undefined || worst.share === 0) return [];
  return [
    `A client left at another default breaks the order of keys: ${worst.other} places ${shareText(worst.share)} of them elsewhere.`,
  ];
}

function skewReasons({ keys }: LabFigures, chosen: StrategyPlacement): string[] {
  const { partitions, maxOverMean, hottestKeys } = chosen;
  const top = hottestKeys[0]!;
  const key = top.key.length > MOST_KEY ? `${top.key.slice(0, MOST_KEY)}…` : top.key;
  const name = JSON.stringify(key);
  if (top.share * partitions > UNEVEN) {
    return [
      `The key ${name} alone is ${shareText(top.share)} of the records, where a partition's even share is ${shareText(1 / partitions)}: nothing that keeps a key on one partition gets below max/mean ${figureText(top.share * partitions)}. Split that key (${name} to ${JSON.stringify(`${key}/0`)}, ${JSON.stringify(`${key}/1`)}, ...) if its records need no common order.`,
    ];
  }
  if (keys < partitions) {
    return [
      `There are fewer keys (${countText(keys)}) than partitions (${countText(partitions)}): the rest stays empty.`,
    ];
  }
  if (maxOverMean < UNEVEN) return [];
  return [
    `No single key makes it uneven: ${figureText(keys / partitions)} keys per partition is few, and chance decides. Fewer partitions or finer keys even it out.`,
  ];
}

function moveReasons({ moved }: LabFigures, chosen: StrategyPlacement): string[] {
  const own = moved.filter(({ strategy }) => strategy === chosen.name);
  const worst = own.toSorted((a, b) => b.share - a.share)[0];
  if (worst === undefined || worst.keys === 0) return [];
  return [
    `From ${countText(worst.from)} to ${partitionsText(worst.to)} ${shareText(worst.share)} of the keys move: begin with the number that will be needed, or let consumers reach the end of the topic while nothing is written, and then change it.`,
  ];
}

function limitsOf({ source, recordSizeBytes }: LabFigures): string[] {
  return [
    source.kind === 'file'
      ? `It is as good as ${source.name} stands for the traffic to come; it knows no time, so a key that is hot for a minute does not show.`
      : 'The keys user-0, user-1, ... stand for yours, which hash otherwise: a file of real keys (--keys) says more.',
    `Every value counts as ${countText(recordSizeBytes)} bytes (--record-size).`,
    NOT_MEASURED,
  ];
}
