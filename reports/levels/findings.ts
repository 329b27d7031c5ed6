import { changeText, countText, differenceMsText, figureText, percentText } from '../number-text.ts';
import type { PrecisionOutcome, Result } from '../result.ts';
import { gridFindings } from './grid-findings.ts';
import type { ComparedFigure } from './level-comparisons.ts';
import { type Level, type LevelGroup, type LevelTable, levelsOf } from './levels.ts';
import { detectableOf, isComparedByRounds, likenessOf } from './likeness.ts';
import type { Spread } from './spread.ts';

export interface FactorFindings {
  readonly property: string;
  /** What the figures say: one or two sentences. */
  readonly sentences: readonly string[];
  /** What must be known to read them. */
  readonly caveats: readonly string[];
}

export interface Findings {
  /** About the run as a whole: spread of the base, failures, what is missing. */
  readonly general: readonly string[];
  readonly factors: readonly FactorFindings[];
  /** Of a full grid: the best cells and the main effects. */
  readonly grid: readonly string[];
}

/**
 * What the figures say about each factor. Only differences that were shown: `~` stands for one that was not, and nothing
 * is said about causes.
 */
export function findingsOf(result: Result, table: LevelTable = levelsOf(result)): Findings {
  return {
    general: generalFindings(result, table),
    factors: table.groups.map((group) => factorFindings(group, table.base)),
    grid: result.design === 'full' ? gridFindings(result, table) : [],
  };
}

function generalFindings(result: Result, { base, all }: LevelTable): string[] {
  const sentences: string[] = [];
  if (result.precision !== undefined) sentences.push(precisionSentence(result.precision));
  if (result.interrupted) sentences.push('The run was interrupted: some trials are missing.');
  const failed = result.trials.filter((trial) => trial.status === 'failed').length;
  if (failed > 0) {
    sentences.push(`${failed} of ${result.trials.length} trials failed; their figures are left out.`);
    sentences.push(...firstFailure(result));
  }
  if (all.length < 2) return sentences;
  if (base === null || base.trials.length === base.failed) {
    sentences.push('No trial of the base went well: there is nothing to compare the levels with.');
  } else sentences.push(...comparisonSentences(base, all));
  return sentences;
}

/** Why the rounds of a run with --precision ended. */
export function precisionSentence({ wanted, reached, rounds, isReached }: PrecisionOutcome): string {
  const start = `Precision: after ${rounds} rounds`;
  const asked = `the ${percentText(wanted)} asked for`;
  if (reached === null)
    return `${start} not every comparison with the base has an interval: ${asked} was not reached.`;
  const width = `±${percentText(reached)}`;
  return isReached
    ? `${start} every comparison with the base is known to ${width}, within ${asked}.`
    : `${start} the widest comparison with the base is ${width}, not ${asked}.`;
}

/** How levels were compared, and what it can show. */
function comparisonSentences(base: Level, all: readonly Level[]): string[] {
  const isAnyCompared = all.some((level) => !level.isBase && level.trials.length > level.failed);
  if (!isAnyCompared) return [];
  if (isComparedByRounds(all)) {
    const rounds = new Set(base.trials.map((trial) => trial.round)).size;
    return [
      `${rounds} rounds, each level compared with the base within them. Where a difference was not shown stands ~.`,
    ];
  }
  const repeats = base.trials.length - base.failed;
  if (repeats === 1) {
    return [
      'The base ran once: how far its figures vary by themselves is not known, so every difference is shown.',
    ];
  }
  const parts = [
    ...spreadPart('records/s', base.recordsPerSecond),
    ...(base.overloaded || base.latency?.p99 == null ? [] : spreadPart('p99', base.p99Spread)),
  ];
  if (parts.length === 0) return [];
  return [
    `The base ran ${repeats} times: ${parts.join(', ')} between them. A difference no larger than that is shown as ~.`,
    'One round: differences have no interval and show only where to look; --repeats 3 gives them one.',
  ];
}

/** Of the trials that no factor tells about: the base's, and those of a grid. */
function firstFailure({ trials }: Result): string[] {
  const first = trials.find(({ factor, status }) => factor === null && status === 'failed');
  return first === undefined ? [] : [`${first.id}: ${first.error ?? 'its records did not all arrive'}`];
}

function spreadPart(name: string, spread: Spread | null): string[] {
  if (spread === null || spread.mean === 0) return [];
  return [`${name} ${changeText(spread.min / spread.mean)} to ${changeText(spread.max / spread.mean)}`];
}

function factorFindings({ property, levels }: LevelGroup, base: Level | null): FactorFindings {
  const others = levels.filter((level) => !level.isBase);
  const usable = others.filter((level) => level.trials.length > level.failed);
  const caveats = caveatsOf(property, levels);
  if (others.length === 0)
    return { property, sentences: [`${property}: nothing but the base was measured.`], caveats };
  if (usable.length === 0)
    return { property, sentences: [`${property}: no other level went well.`], caveats };
  if (base === null || base.trials.length === base.failed) {
    return { property, sentences: [`${property}: the base has no figures to compare with.`], caveats };
  }
  const from = base.settings[property] ?? 'base';
  const sentences = [
    throughputSentence(property, base, usable),
    ...pacedSentence(property, from, base, usable),
  ];
  return { property, sentences: sentences.filter((text) => text !== ''), caveats };
}

/** Levels named one by one; of more only the best and the worst. */
const MOST_NAMED = 4;

/** The best and the worst level beside the base, or that no difference was seen. */
function throughputSentence(property: string, base: Level, others: readonly Level[]): string {
  const known = others.filter((level) => level.recordsPerSecond !== null);
  const own = base.recordsPerSecond;
  if (own === null || own.mean === 0 || known.length === 0) return '';
  const rate = (level: Level): number => level.recordsPerSecond!.mean;
  const seen = known
    .filter((level) => likenessOf(level, base, 'recordsPerSecond') !== 'like')
    .sort((a, b) => rate(b) - rate(a));
  const from = base.settings[property] ?? 'base';
  if (seen.length === 0) {
    const detectable = detectableOf(known, 'recordsPerSecond');
    const limit =
      detectable === null ? '' : ` (one of ${percentText(detectable)} would have been found 4 times in 5)`;
    return `${property} at saturation: no difference in records/s seen between ${from} and ${listText(known.map((level) => level.label))}${limit}.`;
  }
  const change = (level: Level): string =>
    `${level.label} ${changeText(level.comparisons.recordsPerSecond?.ratio ?? rate(level) / own.mean)}`;
  const picked = seen.length <= MOST_NAMED ? seen : [seen[0]!, seen.at(-1)!];
  const rest = known.length - seen.length;
  const tail =
    rest === 0
      ? ''
      : `; ~ for ${rest === 1 ? known.find((level) => !seen.includes(level))!.label : `${rest} others`}`;
  const once = isComparedByRounds(known) ? '' : ' in one round';
  return `${property} at saturation, records/s against ${from}${once}: ${picked.map(change).join(', ')}${tail}.`;
}

/** The change that moves latency and requests most, at the common rate. */
function pacedSentence(property: string, from: string, base: Level, others: readonly Level[]): string[] {
  const level = pickForPaced(property, base, others);
  if (level === null) return [];
  const rate = level.pacedRate === null ? 'at saturation' : `at ${countText(level.pacedRate)}/s`;
  const parts = [
    ...(level.requestsPerRecord === null || base.requestsPerRecord === null
      ? ratioPart('requests', 'requests', level, base)
      : ratioPart('requests', 'requestsPerRecord', level, base)),
    ...quantilePart(level, base),
    ...ratioPart('CPU per record', 'cpuNsPerRecord', level, base),
    ...(property === 'compression.type' ? compressedPart(level) : []),
    ...(property === 'partitioner.class' ? skewPart(level, base) : []),
  ];
  return parts.length === 0 ? [] : [`${property} ${from} -> ${level.label} ${rate}: ${parts.join(', ')}.`];
}

/** Numbers: the level farthest up; words: where most was saved or lost, for codecs the smallest batches. */
function pickForPaced(property: string, base: Level, others: readonly Level[]): Level | null {
  const usable = others.filter((level) => !level.overloaded && level.latency !== null);
  // The local write is no acknowledgement: a level that has one is compared with the others when there is any.
  const comparable = usable.filter((level) => level.isLocalWrite === base.isLocalWrite);
  const candidates = comparable.length > 0 ? comparable : usable;
  if (candidates.length === 0) return null;
  const isNumeric = candidates.every((level) => Number.isFinite(Number(level.label)) && level.label !== '');
  if (isNumeric) return candidates.at(-1)!;
  const score = (level: Level): number =>
    property === 'compression.type'
      ? -(level.compressionRatio?.mean ?? 1)
      : Math.abs(effectOnRequests(level, base));
  return candidates.reduce((best, level) => (score(level) > score(best) ? level : best));
}

function effectOnRequests(level: Level, base: Level): number {
  const own = base.requestsPerRecord?.mean ?? 0;
  const other = level.requestsPerRecord?.mean ?? 0;
  return own > 0 && other > 0 ? Math.log(other / own) : 0;
}

function ratioPart(
  name: string,
  figure: 'requests' | 'requestsPerRecord' | 'cpuNsPerRecord',
  level: Level,
  base: Level,
): string[] {
  const [own, others] = [level[figure], base[figure]];
  if (own === null || others === null || others.mean === 0) return [];
  // Within rounds, as it was decided: the means lie elsewhere where a trial is missing.
  const change = changeText(level.comparisons[figure]?.ratio ?? own.mean / others.mean);
  const isLike = likenessOf(level, base, figure) === 'like' || (others.n > 1 && change === '0 %');
  return [`${name} ${isLike ? '~' : change}`];
}

const QUANTILES = [
  ['p99', 'latencyP99Ms'],
  ['p95', 'latencyP95Ms'],
  ['p50', 'latencyP50Ms'],
] as const satisfies readonly (readonly [string, ComparedFigure])[];

/** The outermost percentile that both have enough requests for. */
function quantilePart(level: Level, base: Level): string[] {
  if (base.overloaded || level.overloaded || level.isLocalWrite !== base.isLocalWrite) return [];
  for (const [key, figure] of QUANTILES) {
    const [own, other] = [base.latency?.[key] ?? null, level.latency?.[key] ?? null];
    if (own === null || other === null) continue;
    return [`${key} ${likenessOf(level, base, figure) === 'like' ? '~' : differenceMsText(other - own)}`];
  }
  return [];
}

function compressedPart(level: Level): string[] {
  return level.compressionRatio === null
    ? []
    : [`batches at ${figureText(level.compressionRatio.mean)} of their size`];
}

function skewPart(level: Level, base: Level): string[] {
  if (level.skew === null || base.skew === null) return [];
  return [
    `fullest partition ${figureText(level.skew.mean)}x the mean (${base.settings['partitioner.class'] ?? 'base'}: ${figureText(base.skew.mean)}x)`,
  ];
}

function caveatsOf(property: string, levels: readonly Level[]): string[] {
  const caveats: string[] = [];
  for (const level of levels.filter((one) => one.overloaded)) {
    const rate = level.pacedRate === null ? 'the common rate' : `${countText(level.pacedRate)}/s`;
    caveats.push(
      `${level.isBase ? `${level.label} (the base)` : level.label} could not carry ${rate}: its latency says how far it fell behind.`,
    );
  }
  for (const level of levels.filter((one) => one.failed > 0)) {
    const reason = level.trials.find((trial) => trial.status === 'failed')?.error ?? 'without a reason';
    caveats.push(`${level.label}: ${level.failed} of ${level.trials.length} trials failed: ${reason}`);
  }
  if (levels.some((level) => level.latencyKind === 'service')) {
    caveats.push(
      'Latency was taken at saturation: it says how full the buffer was, not what the setting costs.',
    );
  }
  if (property === 'acks') caveats.push(...acksCaveats(levels));
  return caveats;
}

function acksCaveats(levels: readonly Level[]): string[] {
  const caveats: string[] = [];
  const waitsForAll = levels.filter((level) => ['all', '-1'].includes(level.settings['acks'] ?? ''));
  if (waitsForAll.some((level) => level.trials.some((trial) => trial.topic.replicationFactor === 1))) {
    caveats.push('With replication factor 1, acks=all waits for no other replica here.');
  }
  if (levels.some((level) => level.isLocalWrite)) {
    caveats.push('With acks=0 latency ends with the local write: no broker has acknowledged anything.');
  }
  return caveats;
}

function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
