import type { ComparedFigure, LevelComparisons } from '../levels/level-comparisons.ts';
import type { Level } from '../levels/levels.ts';
import { brokersText, countText, figureText, partitionsText, percentText } from '../number-text.ts';
import type { Result } from '../result.ts';
import type { LabResult } from './lab-result.ts';
import { comparedWith, hasFigures, type MeasuredCell } from './measured-cells.ts';
import { intervalText, shownVersus } from './measured-difference.ts';

/** What a run says about records that may go to any partition. */
export interface MeasuredAdvice {
  readonly advice: string;
  readonly reasons: readonly string[];
  readonly limits: readonly string[];
}

/** Kafka's default for records without a key; another is advised only where it was shown to be better. */
export const DEFAULT_SPREADER = 'adaptive';

/** Figures that decide, with the direction that is better. */
const DECIDING = [
  { figure: 'latencyP99Ms', name: 'p99', isHigherBetter: false },
  { figure: 'recordsPerSecond', name: 'records/s', isHigherBetter: true },
  { figure: 'cpuNsPerRecord', name: 'CPU per record', isHigherBetter: false },
] as const satisfies readonly { figure: ComparedFigure; name: string; isHigherBetter: boolean }[];

/** Said as well; it shows in the others what it costs. */
const REQUESTS = { figure: 'requestsPerRecord', name: 'requests' } as const;
/** Of latency, throughput and CPU, that a better partitioner may cost and must be shown not to exceed. */
const MOST_LOSS = 0.1;
/** Cells that sentences are made for; the tables have them all. */
const MOST_CELLS = 3;

/** A partitioner against the default, in one cell. */
interface Contest {
  readonly level: Level;
  readonly against: Level;
  readonly versus: LevelComparisons;
}

interface ContestedCell {
  readonly cell: MeasuredCell;
  readonly reference: Level;
  readonly contests: readonly Contest[];
}

/** The advice for records without order; modules that keep keys together, as the lab found, are no candidates. */
export function adviceOfRun(
  lab: Pick<LabResult, 'strategies'>,
  result: Result,
  cells: readonly MeasuredCell[],
): MeasuredAdvice {
  const keyed = new Set(lab.strategies.filter(({ isKeyed }) => isKeyed).map(({ name }) => name));
  const labels = cells.flatMap(({ levels }) => levels.map(({ label }) => label));
  const isKept = (label: string): boolean =>
    label === 'keyed' || keyed.has(label.replace(/^\.\//, '')) || keyed.has(label);
  return adviseFromRun(result, cells, new Set(labels.filter(isKept)));
}

/** `keyed` names what keeps keys together and so is no candidate for records without order. */
export function adviseFromRun(
  result: Result,
  cells: readonly MeasuredCell[],
  keyed: ReadonlySet<string>,
): MeasuredAdvice {
  const contested = cells.flatMap(contestOf);
  const first = contested[0];
  if (first === undefined) {
    return {
      advice: `${DEFAULT_SPREADER} was not measured, so nothing is advised against Kafka's default.`,
      reasons: [],
      limits: limitsOf(result),
    };
  }
  const candidates = [...new Set(first.contests.map(({ level }) => level.label))].filter(
    (name) => !keyed.has(name),
  );
  const better = candidates.filter((name) => isBetter(name, contested));
  const chosen = better.toSorted((a, b) => gainOf(b, first) - gainOf(a, first))[0] ?? null;
  return {
    advice:
      chosen === null
        ? `For records that need no order: ${DEFAULT_SPREADER}, Kafka's default. Nothing else was shown to be better in latency or throughput without losing elsewhere.`
        : `For records that need no order: ${chosen}. It was shown to be better than ${DEFAULT_SPREADER}, Kafka's default, in latency or throughput, and to lose no more than ${MOST_LOSS * 100} % elsewhere.`,
    reasons: [
      ...contested.slice(0, MOST_CELLS).flatMap(sentencesOf),
      ...restText(contested),
      ...skewText(contested),
    ],
    limits: limitsOf(result),
  };
}

function contestOf(cell: MeasuredCell): ContestedCell[] {
  const measured = cell.levels.filter(hasFigures);
  const reference = measured.find(({ label }) => label === DEFAULT_SPREADER);
  if (reference === undefined) return [];
  const others = measured.filter((level) => level !== reference);
  const versus = comparedWith(reference, others, cell.alpha);
  const contests = others.map((level, index) => ({ level, against: reference, versus: versus[index]! }));
  return [{ cell, reference, contests }];
}

/** Shown to be better in latency or throughput somewhere, and to lose no more than a tenth of anything anywhere. */
function isBetter(name: string, contested: readonly ContestedCell[]): boolean {
  const own = contested.map(({ contests }) => contests.find(({ level }) => level.label === name));
  if (own.some((contest) => contest === undefined || !isSafe(contest))) return false;
  return own.some((contest) => isAhead(contest!));
}

function isSafe({ level, against, versus }: Contest): boolean {
  if (level.overloaded) return false;
  return DECIDING.every(({ figure, isHigherBetter }) => {
    // The default could not carry the rate: its latency is none.
    if (against.overloaded && figure === 'latencyP99Ms') return true;
    const one = shownVersus(figure, level, against, versus);
    if (one === null || one.low === null || one.high === null) return false;
    return isHigherBetter ? one.low >= 1 - MOST_LOSS : one.high <= 1 + MOST_LOSS;
  });
}

function isAhead({ level, against, versus }: Contest): boolean {
  if (against.overloaded && !level.overloaded) return true;
  return DECIDING.some(({ figure, isHigherBetter }) => {
    const one = figure === 'cpuNsPerRecord' ? null : shownVersus(figure, level, against, versus);
    return one?.significant === true && one.ratio > 1 === isHigherBetter;
  });
}

/** In p99, else in throughput: for the order of those that are better. */
function gainOf(name: string, { contests }: ContestedCell): number {
  const versus = contests.find(({ level }) => level.label === name)?.versus;
  const p99 = versus?.latencyP99Ms;
  if (p99?.significant) return 1 / p99.ratio;
  return versus?.recordsPerSecond?.significant ? versus.recordsPerSecond.ratio : 1;
}

function sentencesOf({ cell, reference, contests }: ContestedCell): string[] {
  const isKnown = contests.some(({ versus }) => DECIDING.some(({ figure }) => versus[figure]?.low != null));
  if (!isKnown) {
    return [
      `${cell.title}: one round has no intervals, so nothing is shown to differ; --repeats 5 tells more.`,
    ];
  }
  const found = contests.map((contest) => ({ name: contest.level.label, texts: differencesOf(contest) }));
  const different = found.flatMap(({ name, texts }) =>
    texts.length === 0 ? [] : [`${name}: ${texts.join(', ')}`],
  );
  const like = found.filter(({ texts }) => texts.length === 0).map(({ name }) => name);
  const seen = DECIDING.flatMap(({ figure, name }) => {
    const known = contests.flatMap(
      ({ level, versus }) => shownVersus(figure, level, reference, versus)?.detectable ?? [],
    );
    return known.length === 0 ? [] : [`${percentText(Math.max(...known))} in ${name}`];
  });
  const sentences = [
    different.length === 0 ? 'no difference shown' : different.join('; '),
    ...(like.length === 0 ? [] : [`~ ${like.join(', ')}: not shown to differ`]),
    ...(seen.length === 0 ? [] : [`Would have been found: ${seen.join(', ')}`]),
  ];
  return [`${cell.title}, against ${reference.label}: ${sentences.join('. ')}.`];
}

function differencesOf({ level, against, versus }: Contest): string[] {
  const load = level.overloaded && !against.overloaded ? ['could not carry the rate'] : [];
  return [
    ...load,
    ...[...DECIDING, REQUESTS].flatMap(({ figure, name }) => {
      const one = shownVersus(figure, level, against, versus);
      return one?.significant ? [`${name} ${intervalText(one)}`] : [];
    }),
  ];
}

/** What keeping keys together does to the fullest partition, by number of partitions. */
function skewText(contested: readonly ContestedCell[]): string[] {
  const byPartitions = new Map<number, string>();
  for (const { cell, reference, contests } of contested) {
    const keyed = contests.find(({ level }) => level.isBase)?.level;
    if (keyed?.skew == null || reference.skew === null || byPartitions.has(cell.partitions)) continue;
    const [own, other] = [figureText(keyed.skew.mean), figureText(reference.skew.mean)];
    const partitions = partitionsText(cell.partitions);
    byPartitions.set(
      cell.partitions,
      `at ${partitions} ${own} times the mean with ${keyed.label}, ${other} with ${reference.label}`,
    );
  }
  if (byPartitions.size === 0) return [];
  return [
    `The order of keys has its price in skew. The fullest partition took ${[...byPartitions.values()].join('; ')}.`,
  ];
}

function restText(contested: readonly ContestedCell[]): string[] {
  const left = contested.length - MOST_CELLS;
  if (left <= 0) return [];
  return [
    `${left === 1 ? 'One more combination counts' : `${left} more combinations count`} as well: see the tables.`,
  ];
}

function limitsOf(result: Result): string[] {
  const trial = result.trials[0];
  const { load } = result.workload ?? {};
  const rounds = Math.max(0, ...result.trials.map(({ round }) => round));
  const length =
    load === undefined
      ? ''
      : `, phases of ${figureText((load.pacedMs > 0 ? load.pacedMs : load.saturatedMs) / 1000)} s`;
  const where =
    trial?.target.kind === 'embedded'
      ? `Measured on ${brokersText(trial.target.brokers)} in this machine, which share its cores with the producer and are never busy: what slow brokers and networks do needs your cluster (--bootstrap-server) or tidemark run kip-794.`
      : 'Measured on one cluster at one time; another load on it gives other figures.';
  return [
    where,
    `${rounds === 1 ? 'One round' : `${countText(rounds)} rounds`}${length}: a queue that grows slowly does not show in a short phase.`,
    'Partitions and rates other than these were not measured; the sooner batches are full, the less the choice matters.',
  ];
}
