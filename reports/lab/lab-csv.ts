import { stringify } from 'csv-stringify/sync';
import type { LabResult } from './lab-result.ts';

const COLUMNS = ['strategy', 'partitions', 'partition', 'records', 'bytes'];
const ROWS_AT_ONCE = 100_000;

/** One row per strategy, number of partitions and partition, in pieces (RFC 4180, lines end with LF). */
export function* labCsv(lab: LabResult): Generator<string> {
  // A spreadsheet runs text that begins like a formula, and a module's path may.
  const format = { escape_formulas: true };
  yield stringify([COLUMNS], format);
  for (const { name, partitions, recordsPerPartition, bytesPerPartition } of lab.strategies) {
    for (let from = 0; from < partitions; from += ROWS_AT_ONCE) {
      const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, partitions - from) }, (_, index) => {
        const partition = from + index;
        return [name, partitions, partition, recordsPerPartition[partition], bytesPerPartition[partition]];
      });
      yield stringify(rows, format);
    }
  }
}
