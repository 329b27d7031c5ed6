import { type Level, type LevelTable, skewOf } from '../levels/levels.ts';
import { countText, figureText, NO_FIGURE } from '../number-text.ts';
import type { ReportTable } from '../report-table.ts';
import type { Result, TrialResult } from '../result.ts';
import { isWorkloadFactor } from '../setting.ts';
import { mean } from '../statistics/averages.ts';
import {
  commonQuantile,
  middleTrial,
  type PartitionQuantile,
  partitionLatencies,
} from './partition-latency.ts';

const PARTITIONER = 'partitioner.class';

const columnsAt = (quantile: PartitionQuantile) => [
  { name: 'level', isNumber: false, importance: 0 },
  { name: 'batch fill', isNumber: true, importance: 1 },
  { name: 'requests/1000', isNumber: true, importance: 0 },
  { name: 'CPU ns', isNumber: true, importance: 2 },
  { name: 'fullest/mean', isNumber: true, importance: 0 },
  { name: `${quantile} ms slowest`, isNumber: true, importance: 0 },
  { name: 'fastest', isNumber: true, importance: 3 },
  { name: 'queue mean', isNumber: true, importance: 2 },
  { name: 'longest', isNumber: true, importance: 0 },
  { name: 'partition', isNumber: true, importance: 3 },
];

/** A run about partitioners: they are varied, and beside them only what goes with them. */
function isAboutPartitioners({ factors }: Result): boolean {
  return (
    factors.some(({ property }) => property === PARTITIONER) &&
    factors.every(
      ({ property }) =>
        property.startsWith('partitioner.') || isWorkloadFactor(property) || property === 'linger.ms',
    )
  );
}

/** What partitioners do to batches, requests, partitions and queues, level by level; null where a run is about something else. */
export function partitionFigures(result: Result, table: LevelTable): ReportTable | null {
  if (!isAboutPartitioners(result)) return null;
  const levels = table.all.filter((level) => level.trials.some(hasPartitions));
  if (levels.length === 0) return null;
  const quantile = commonQuantile(levels);
  return {
    title: 'Partitions under load',
    columns: columnsAt(quantile),
    rows: levels.map((level) => cellsOf(level, quantile)),
    sentences: [
      `Of the paced phase, means over the trials: batch fill is the mean batch over batch.size; requests per 1,000 records; CPU of the generator per record. fullest/mean counts the records of the whole trial. The slowest and the fastest partition are of the middle round by p99; ten batches of a partition lie beyond its ${quantile}. Queues are the records that wait to be sent: all partitions together, and the longest that one had, the longest of all trials.`,
    ],
  };
}

function hasPartitions({ status, partitions }: TrialResult): boolean {
  return status === 'ok' && partitions.length > 0;
}

/** The values of a level's factors, as tables of grids name them. */
export function settingsText(level: Level): string {
  const text = Object.values(level.settings).join(' / ');
  return level.isBase ? `${text} (base)` : text;
}

function cellsOf(level: Level, quantile: PartitionQuantile): string[] {
  const trials = level.trials.filter(hasPartitions);
  const meanOf = (figure: (trial: TrialResult) => number | null): number | null => {
    const values = trials.map(figure).filter((value) => value !== null);
    return values.length === 0 ? null : mean(values);
  };
  const fill = meanOf(({ batches, producer }) =>
    batches.meanBytes === null ? null : batches.meanBytes / Number(producer['batch.size']),
  );
  const requests = meanOf(({ batches }) => batches.requestsPerRecord);
  const middle = middleTrial(level);
  const latencies = (middle === null ? [] : partitionLatencies(middle, quantile)).filter(
    (value) => value !== null,
  );
  const longest = trials
    .map(longestQueue)
    .reduce((most, one) => (one.records > most.records ? one : most), NOTHING);
  return [
    settingsText(level),
    fill === null || !Number.isFinite(fill) ? NO_FIGURE : `${figureText(fill * 100)} %`,
    figureText(requests === null ? null : requests * 1000),
    countText(meanOf(({ cpuNsPerRecord }) => cpuNsPerRecord)),
    figureText(meanOf(skewOf)),
    figureText(latencies.length === 0 ? null : Math.max(...latencies)),
    // One alone is not the fastest of several.
    figureText(latencies.length < 2 ? null : Math.min(...latencies)),
    countText(meanOf(meanQueue)),
    longest.partition < 0 ? NO_FIGURE : countText(longest.records),
    longest.partition < 0 ? NO_FIGURE : String(longest.partition),
  ];
}

/** Of all partitions together. */
function meanQueue({ queues }: TrialResult): number | null {
  if (queues == null || queues.atMs.length === 0) return null;
  const total = queues.perPartition.flat().reduce((sum, records) => sum + records, 0);
  return total / queues.atMs.length;
}

interface Queue {
  readonly partition: number;
  readonly records: number;
}

const NOTHING: Queue = { partition: -1, records: -1 };

function longestQueue({ queues }: TrialResult): Queue {
  return (queues?.perPartition ?? []).reduce<Queue>((most, samples, partition) => {
    const records = Math.max(...samples);
    return records > most.records ? { partition, records } : most;
  }, NOTHING);
}
