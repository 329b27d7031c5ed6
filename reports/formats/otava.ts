import { stringify } from 'csv-stringify/sync';
import { stringify as stringifyYaml } from 'yaml';
import type { Figure, FigureSet } from '../figures/figures.ts';
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
    return [
      { fileName: CSV_FILE, text: csvOf(set) },
      { fileName: 'otava.yaml', text: configurationOf(set) },
    ];
  },
};

function csvOf({ at, commit, branch, figures }: FigureSet): string {
  const header = ['time', 'commit', 'branch', ...figures.map(columnOf)];
  const row = [at, guarded(commit), guarded(branch), ...figures.map(({ value }) => value)];
  return stringify([header, row]);
}

/** `base.recordsPerSecond`, `linger.ms=5.latencyP99Ms`. */
function columnOf({ level, metric }: Figure): string {
  return level === null ? metric : `${level}.${metric}`;
}

/** A branch is named by whoever opens a pull request, and a spreadsheet runs what begins like a formula. */
function guarded(text: string | null): string | null {
  return text !== null && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function configurationOf({ name, figures }: FigureSet): string {
  const metrics = figures.map((figure) => [
    columnOf(figure),
    { column: columnOf(figure), scale: 1, direction: figure.direction === 'higher is better' ? 1 : -1 },
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
