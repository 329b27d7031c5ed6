import { stringify } from 'csv-stringify/sync';
import type { Result, TrialResult } from '../result.ts';

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
  ['latency_p50_ms', (trial) => trial.latencyMs.p50],
  ['latency_p95_ms', (trial) => trial.latencyMs.p95],
  ['latency_p99_ms', (trial) => trial.latencyMs.p99],
  ['latency_p999_ms', (trial) => trial.latencyMs.p999],
  ['latency_max_ms', (trial) => trial.latencyMs.max],
  ['compression_ratio', (trial) => trial.batches.compressionRatio],
  ['lost', (trial) => trial.records.lost],
  ['duplicated', (trial) => trial.records.duplicated],
  ['reordered', (trial) => trial.records.reordered],
  ['status', (trial) => trial.status],
];

/** One row per trial under a header row (RFC 4180, lines end with LF). `records` are those acknowledged; missing figures are empty. */
export function summaryCsv(result: Result): string {
  const rows = result.trials.map((trial) => COLUMNS.map(([, cell]) => guarded(cell(trial))));
  return stringify([COLUMNS.map(([name]) => name), ...rows]);
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
