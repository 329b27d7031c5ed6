import { stringify } from 'csv-stringify/sync';
import type { LabResult } from './lab-result.ts';

const COLUMNS = ['strategy', 'partitions', 'partition', 'records', 'bytes'];
const ROWS_AT_ONCE = 100_000;

/** One row per strategy, number of partitions and partition, in pieces (RFC 4180, lines end with LF). */
export function* labCsv(lab: LabResult): Generator<string> {
  yield `${COLUMNS.join(',')}\n`;
  for (const { name, partitions, recordsPerPartition, bytesPerPartition } of lab.strategies) {
    // A spreadsheet runs text that begins like a formula, and a module's path may. What follows is numbers.
    const begin = stringify([[name, partitions]], { escape_formulas: true }).trimEnd();
    for (let from = 0; from < partitions; from += ROWS_AT_ONCE) {
      const rows: string[] = [];
      for (let at = from; at < Math.min(partitions, from + ROWS_AT_ONCE); at++) {
        rows.push(`${begin},${at},${recordsPerPartition[at]},${bytesPerPartition[at]}\n`);
      }
      yield rows.join('');
    }
  }
}
