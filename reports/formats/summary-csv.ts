import { stringify } from 'csv-stringify/sync';
import { requestsBehind } from '../levels/level-latency.ts';
import { type HistogramSource, type Level, levelsOf } from '../levels/levels.ts';
import { shownFigures } from '../measure/latency-figures.ts';
import type { LatencyFigures, Result, TrialResult } from '../result.ts';

type Cell = string | number | null;

/** Column name -> figure; the order is the contract. */
const COLUMNS: readonly (readonly [name: string, cell: (trial: TrialResult) => Cell])[] = [
  ['trial', (trial) => trial.id],
  ['factor', (trial) => trial.factor],
  ...['batch.size', 'linger.ms', 'compression.type', 'partitioner.class', 'acks'].map(
    (property) => [property, (trial: TrialResult) => propertyCell(trial, property)] as const,
  ),
  ['records', (trial) => trial.records.acknowledged],
  ['records_per_second', (trial) => trial.throughput.recordsPerSecond],
  ['mb_per_second', (trial) => trial.throughput.megabytesPerSecond],
  ['latency_p50_ms', (trial) => shown(trial).p50],
  ['latency_p95_ms', (trial) => shown(trial).p95],
  ['latency_p99_ms', (trial) => shown(trial).p99],
  ['latency_p999_ms', (trial) => shown(trial).p999],
  ['latency_max_ms', (trial) => trial.latencyMs.max],
  ['compression_ratio', (trial) => trial.batches.compressionRatio],
  ['lost', (trial) => trial.records.lost],
  ['duplicated', (trial) => trial.records.duplicated],
  ['reordered', (trial) => trial.records.reordered],
  ['status', (trial) => trial.status],
];

/** Of the level that a trial belongs to, the same in each of its rows; intervals are at 95 %, ratios are of records/s. */
const LEVEL_COLUMNS: readonly (readonly [name: string, cell: (level: Level) => Cell])[] = [
  ['level_trials', (level) => level.trials.length - level.failed],
  ['level_records_per_second', (level) => level.recordsPerSecond?.mean ?? null],
  ['level_records_per_second_low', (level) => level.recordsPerSecond?.low ?? null],
  ['level_records_per_second_high', (level) => level.recordsPerSecond?.high ?? null],
  ['level_latency_p99_ms', (level) => level.latency?.p99 ?? null],
  ['level_latency_p99_ms_low', (level) => level.latencyIntervals.p99?.low ?? null],
  ['level_latency_p99_ms_high', (level) => level.latencyIntervals.p99?.high ?? null],
  ['versus_base_ratio', (level) => level.comparisons.recordsPerSecond?.ratio ?? null],
  ['versus_base_low', (level) => level.comparisons.recordsPerSecond?.low ?? null],
  ['versus_base_high', (level) => level.comparisons.recordsPerSecond?.high ?? null],
  ['versus_base', versusCell],
  ['detectable', (level) => level.comparisons.recordsPerSecond?.detectable ?? null],
];

/** `differs`, `~` (not shown to), `base`; empty where there is no interval to say it by. */
function versusCell(level: Level): Cell {
  if (level.isBase) return 'base';
  const versus = level.comparisons.recordsPerSecond;
  if (versus === null || versus.low === null) return null;
  return versus.significant ? 'differs' : '~';
}

/**
 * One row per trial under a header row (RFC 4180, lines end with LF), with what its level came to. `records` are those
 * acknowledged; missing figures are empty, and so are percentiles that fewer than ten requests lie beyond.
 */
export function summaryCsv(result: Result, source?: HistogramSource): string {
  const levels = new Map(
    levelsOf(result, source).all.flatMap((level) => level.trials.map(({ id }) => [id, level])),
  );
  const rows = result.trials.map((trial) => {
    const level = levels.get(trial.id);
    const ofLevel = LEVEL_COLUMNS.map(([, cell]) => (level === undefined ? null : cell(level)));
    return [...COLUMNS.map(([, cell]) => cell(trial)), ...ofLevel].map(guarded);
  });
  return stringify([[...COLUMNS, ...LEVEL_COLUMNS].map(([name]) => name), ...rows]);
}

function shown(trial: TrialResult): LatencyFigures {
  return shownFigures(trial.latencyMs, requestsBehind(trial));
}

function propertyCell(trial: TrialResult, property: string): Cell {
  const value = trial.producer[property] ?? null;
  return typeof value === 'boolean' ? String(value) : value;
}

/**
 * A spreadsheet runs text that begins like a formula, and a partitioner's path may (`@scope/partitioner`):
 * such text gets an apostrophe in front. Numbers stay as they are, `-1` of acks too.
 */
function guarded(cell: Cell): Cell {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (cell === null || !/^[=+\-@\t\r]/.test(cell) || /^[+-]?\d+(\.\d+)?$/.test(cell)) return cell;
  return `'${cell}`;
}
