import { stringify } from 'csv-stringify/sync';
import { stringify as stringifyYaml } from 'yaml';
import type { Direction, FigureSet } from '../figures/figures.ts';
import { METRICS } from '../figures/metrics.ts';
import type { Format } from './format.ts';

const CSV_FILE = 'otava.csv';

/**
 * Apache Otava reads one CSV with a row per run, the oldest first: this is a header and one row, whose rows are
 * put under each other run by run. The second file is the configuration that names the columns and their direction.
 */
export const otava: Format = {
  of: ['run', 'comparison', 'check'],
  render: ({ figures: set }) => {
    if (set.figures.length === 0) return [];
    const columns = columnsOf(set);
    return [
      { fileName: CSV_FILE, text: csvOf(set, columns) },
      { fileName: 'otava.yaml', text: configurationOf(set, columns) },
    ];
  },
};

interface Column {
  readonly name: string;
  readonly value: number | null;
  readonly direction: Direction;
}

/** For every run of a suite the same ones, whatever was too rare to be measured in this one: rows must stay aligned. */
function columnsOf({ levels, figures }: FigureSet): Column[] {
  if (levels.length === 0) {
    return figures.map(({ level, metric, value, direction }) => ({
      name: level === null ? metric : `${level}.${metric}`,
      value,
      direction,
    }));
  }
  return levels.flatMap(({ name }) =>
    Object.entries(METRICS).map(([metric, { direction }]) => ({
      name: `${name}.${metric}`,
      value: figures.find((figure) => figure.level === name && figure.metric === metric)?.value ?? null,
      direction,
    })),
  );
}

/** `nan` is what its reader takes for a figure that is not there; it refuses an empty cell. */
function csvOf({ at, commit, branch }: FigureSet, columns: readonly Column[]): string {
  const header = ['time', 'commit', 'branch', ...columns.map(({ name }) => name)];
  const row = [at, guarded(commit), guarded(branch), ...columns.map(({ value }) => value ?? 'nan')];
  return stringify([header, row]);
}

/** A branch is named by whoever opens a pull request, and a spreadsheet runs what begins like a formula. */
function guarded(text: string | null): string | null {
  return text !== null && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function configurationOf({ name }: FigureSet, columns: readonly Column[]): string {
  const metrics = columns
    .filter(({ value }) => value !== null)
    .map(({ name: column, direction }) => [
      column,
      { column, scale: 1, direction: direction === 'higher is better' ? 1 : -1 },
    ]);
  return stringifyYaml({
    tests: {
      [name]: {
        type: 'csv',
        file: CSV_FILE,
        time_column: 'time',
        attributes: ['commit', 'branch'],
        csv_options: { delimiter: ',', quotechar: '"' },
        metrics: Object.fromEntries(metrics),
      },
    },
  });
}
