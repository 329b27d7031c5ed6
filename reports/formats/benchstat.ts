import type { Figure, FigureSet } from '../figures/figures.ts';
import { oneLine, withoutControls } from '../terminal/without-controls.ts';
import type { Format } from './format.ts';
import { scaled } from './scaled.ts';

/** A line's worth of one metric: benchstat takes units of time in ns and names what is no plain unit by a prefix. */
interface BenchUnit {
  readonly unit: string;
  readonly factor: number;
}

/**
 * Go's benchmark text: header lines, then a line per trial (or session) with all its figures. benchstat forms its own
 * medians and intervals over the lines of one name, so they are the trials' own figures, not the merged ones.
 */
export const benchstat: Format = {
  of: ['run', 'comparison', 'check'],
  render: ({ figures }) => {
    const set = { ...figures, figures: withTrials(figures.figures) };
    if (set.figures.length === 0) return [];
    const lines = [...headerOf(set), ...unitLines(set), '', ...benchmarkLines(set)];
    return [{ fileName: 'benchstat.txt', text: `${lines.join('\n')}\n` }];
  },
};

/** The ratios of runs compared have no trials of their own: benchstat makes them, from both sides' trials. */
function withTrials(figures: readonly Figure[]): readonly Figure[] {
  const hasTrials = figures.some(({ samples }) => samples.length > 1);
  return hasTrials ? figures.filter(({ samples }) => samples.length > 0) : figures;
}

/**
 * What differs here puts benchmarks into tables of their own, so that nothing is compared across machines; what is to
 * be compared, such as two commits, stands behind a # instead, which benchstat passes over.
 */
function headerOf({ kind, name, at, commit, branch, environment }: FigureSet): string[] {
  const compared: [string, string | null][] = [
    [kind === 'run' ? 'suite' : kind, name],
    ['node', environment?.node ?? null],
    ['cpu', environment?.cpu ?? null],
    ['os', environment?.os ?? null],
  ];
  const passedOver: [string, string | null][] = [
    ['time', at],
    ['commit', commit],
    ['branch', branch],
    ['tidemark', environment?.tidemark ?? null],
  ];
  const linesOf = (pairs: typeof compared, mark: string): string[] =>
    pairs.flatMap(([key, value]) => (value === null ? [] : [`${mark}${key}: ${oneLine(value)}`]));
  return [...linesOf(passedOver, '# '), ...linesOf(compared, '')];
}

/** Without them benchstat takes every unit for one that is better when lower. */
function unitLines({ figures }: FigureSet): string[] {
  const higher = figures.filter(({ direction }) => direction === 'higher is better');
  return [...new Set(higher.map((figure) => `Unit ${benchUnit(figure).unit} better=higher`))];
}

function benchmarkLines(set: FigureSet): string[] {
  const byName = new Map<string, Figure[]>();
  for (const figure of set.figures) {
    const name = benchmarkName(figure, set.environment?.cores ?? 1);
    byName.set(name, [...(byName.get(name) ?? []), figure]);
  }
  return [...byName].flatMap(([name, figures]) => {
    const trials = Math.max(1, ...figures.map(({ samples }) => samples.length));
    return Array.from({ length: trials }, (_, trial) => {
      const measured = figures.flatMap((figure) => {
        // Without samples the figure itself is all there is.
        const value = figure.samples.length === 0 && trial === 0 ? figure.value : figure.samples[trial];
        const { unit, factor } = benchUnit(figure);
        return value === undefined ? [] : [`${scaled(value, factor)} ${unit}`];
      });
      return [name, '1', ...measured].join('\t');
    });
  });
}

/** `BenchmarkProduce/batch.size=16384/linger.ms=5-2`; the number of cores stands where Go has GOMAXPROCS. */
function benchmarkName({ settings }: Figure, cores: number): string {
  const parts = settings.map(({ property, value }) => `/${word(property)}=${word(value)}`);
  return `BenchmarkProduce${parts.join('')}-${cores}`;
}

function word(text: string): string {
  return withoutControls(text.replace(/[\s/]+/g, '_'));
}

/** Every metric of a line needs a unit of its own, for that is what benchstat tells them apart by. */
function benchUnit({ metric, unit }: Figure): BenchUnit {
  switch (unit) {
    case 'ms':
      return { unit: `${percentileOf(metric)}-ns`, factor: 1e6 };
    case 'ns/record':
      return { unit: 'cpu-ns/record', factor: 1 };
    case 'records/s':
    case 'MB/s':
    case 'requests/record':
      return { unit, factor: 1 };
    case 'ratio':
      return { unit: metric, factor: 1 };
  }
}

/** `latencyP999Ms` -> `p999`. */
function percentileOf(metric: string): string {
  return metric.replace(/^latencyP(\d+)Ms$/, 'p$1');
}
