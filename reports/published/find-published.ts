import { type HistogramSource, type LevelTable, levelsOf } from '../levels/levels.ts';
import type { ReportTable } from '../report-table.ts';
import type { Result } from '../result.ts';
import { kip480Table } from './kip-480.ts';
import { kip794Table } from './kip-794.ts';
import type { Measured, PublishedExperiment } from './published-table.ts';

const TABLES: Readonly<Record<PublishedExperiment, (measured: Measured) => ReportTable>> = {
  'kip-794': kip794Table,
  'kip-480': kip480Table,
};

/** The published figures that a run's suite names, with its own beside them; null where it names none. */
export function publishedTable(
  result: Result,
  source?: HistogramSource,
  table: LevelTable = levelsOf(result, source),
): ReportTable | null {
  const name = result.published ?? null;
  if (name === null || !Object.hasOwn(TABLES, name) || result.trials.length === 0) return null;
  return TABLES[name]({ result, table });
}
