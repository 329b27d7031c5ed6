import type { Direction, Figure, FigureSet } from '../figures/figures.ts';
import { figureText } from '../number-text.ts';
import type { Format, RenderedFile } from './format.ts';

/** An entry of `customBiggerIsBetter` and `customSmallerIsBetter`. */
interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra?: string;
}

/**
 * benchmark-action/github-action-benchmark has one direction per file, so there are two: what is better when bigger
 * (throughput) first, then what is better when smaller (latency, CPU, requests). One without an entry is left
 * out: the action refuses it.
 */
export const githubActionBenchmark: Format = {
  of: ['run', 'comparison', 'check'],
  render: ({ figures }) => [
    ...fileOf(figures, 'higher is better', 'benchmark-bigger-is-better.json'),
    ...fileOf(figures, 'lower is better', 'benchmark-smaller-is-better.json'),
  ],
};

function fileOf(set: FigureSet, direction: Direction, fileName: string): RenderedFile[] {
  const entries = set.figures
    .filter((figure) => figure.direction === direction)
    .map((figure) => entryOf(figure, set.name));
  return entries.length === 0 ? [] : [{ fileName, text: `${JSON.stringify(entries, null, 2)}\n` }];
}

function entryOf(figure: Figure, name: string): Entry {
  const { level, metric, unit, value, low, high } = figure;
  const extra = extraOf(figure);
  return {
    name: [name, level, metric].filter((word) => word !== null).join(' '),
    unit,
    value,
    ...(low === null || high === null ? {} : { range: `${figureText(low)} to ${figureText(high)}` }),
    ...(extra === '' ? {} : { extra }),
  };
}

function extraOf({ settings, samples, remark }: Figure): string {
  const lines = [
    ...settings.map(({ property, value }) => `${property}=${value}`),
    ...(samples.length > 1 ? [`n=${samples.length}`] : []),
    ...(remark === null ? [] : [remark]),
  ];
  return lines.join('\n');
}
