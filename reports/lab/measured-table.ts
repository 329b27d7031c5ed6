import { html, type SafeHtml } from '../html/escape.ts';
import { tags } from '../html/level-table.ts';
import type { ComparedFigure } from '../levels/level-comparisons.ts';
import type { Level } from '../levels/levels.ts';
import { isComparedByRounds, likenessOf } from '../levels/likeness.ts';
import { spreadOf } from '../levels/spread.ts';
import { changeText, countText, figureText, percentText } from '../number-text.ts';
import type { MeasuredCell } from './measured-cells.ts';
import { intervalText, rangeText, shownVersus } from './measured-difference.ts';

interface Column {
  readonly name: string;
  readonly title: string;
  readonly figure: ComparedFigure | null;
  readonly value: (level: Level) => string;
}

const COLUMNS: readonly Column[] = [
  {
    name: 'records/s',
    title: 'Acknowledged records per second at saturation',
    figure: 'recordsPerSecond',
    value: ({ recordsPerSecond }) => countText(recordsPerSecond?.mean ?? null),
  },
  {
    name: 'p50 ms',
    title: 'Median latency of the paced phase',
    figure: 'latencyP50Ms',
    value: ({ latency }) => figureText(latency?.p50 ?? null),
  },
  {
    name: 'p99 ms',
    title: 'Latency of the paced phase that 1 of 100 records exceeds',
    figure: 'latencyP99Ms',
    value: ({ latency }) => figureText(latency?.p99 ?? null),
  },
  {
    name: 'batch fill',
    title: 'Mean batch over batch.size, in the paced phase',
    figure: null,
    value: batchFill,
  },
  {
    name: 'requests/1000',
    title: 'Produce requests per 1,000 records of the paced phase',
    figure: 'requestsPerRecord',
    value: ({ requestsPerRecord }) =>
      figureText(requestsPerRecord === null ? null : requestsPerRecord.mean * 1000),
  },
  {
    name: 'CPU ns/record',
    title: "The generator threads' CPU time per record of the paced phase",
    figure: 'cpuNsPerRecord',
    value: ({ cpuNsPerRecord }) => countText(cpuNsPerRecord?.mean ?? null),
  },
  {
    name: 'fullest/mean',
    title: 'Records of the fullest partition over the mean, of the whole trial',
    figure: null,
    value: ({ skew }) => figureText(skew?.mean ?? null),
  },
];

/** The figures of a cell with what each comes to against the first level: difference and interval, or `~`. */
export function measuredTable({ title, levels }: MeasuredCell): SafeHtml {
  const base = levels.find(({ isBase }) => isBase) ?? null;
  const heads = COLUMNS.map(
    ({ name, title: what }) => html`<th scope="col" class="n" title="${what}">${name}</th>`,
  );
  const rows = levels.map(
    (level) =>
      html`<tr class="${level.isBase ? 'base' : ''}"><th scope="row" class="name">${level.label}${tags(level)}</th>${COLUMNS.map((column) => cell(column, level, base))}</tr>
`,
  );
  return html`<h3>${title}</h3><p class="sub">${legend(levels, base)}</p><div class="table" tabindex="0" role="region" aria-label="Figures at ${title}"><table><thead><tr><th scope="col">partitioner</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function cell({ figure, value }: Column, level: Level, base: Level | null): SafeHtml {
  const text = value(level);
  const versus = figure === null ? null : shownVersus(figure, level, base);
  if (figure === null || base === null || versus === null) return html`<td class="n">${text}</td>`;
  const isLike = likenessOf(level, base, figure) === 'like';
  if (versus.low === null || versus.high === null) {
    return html`<td class="n">${isLike ? '~' : ''}${text}<br><span class="like">${changeText(versus.ratio)}</span></td>`;
  }
  const range = isLike ? `(${rangeText(versus)})` : intervalText(versus);
  return html`<td class="n">${isLike ? html`<span class="like">~</span>` : null}${text}<br><span class="${isLike ? 'like' : 'differs'}">${range}</span></td>`;
}

function legend(levels: readonly Level[], base: Level | null): string {
  if (base === null) return '';
  if (!isComparedByRounds(levels)) {
    return `Below each figure: the difference from ${base.label}; one round has no interval.`;
  }
  const seen = (
    [
      ['recordsPerSecond', 'records/s'],
      ['latencyP99Ms', 'p99'],
      ['cpuNsPerRecord', 'CPU'],
    ] as const
  ).flatMap(([figure, name]) => {
    const known = levels.flatMap((level) => shownVersus(figure, level, base)?.detectable ?? []);
    return known.length === 0 ? [] : [`${percentText(Math.max(...known))} in ${name}`];
  });
  const found = seen.length === 0 ? '' : `; would have been found: ${seen.join(', ')}`;
  return `Below each figure: the difference from ${base.label} with its 95 % interval, which holds for all of them together. ~ not shown to differ${found}.`;
}

function batchFill({ trials }: Level): string {
  const fill = spreadOf(
    trials.map(({ status, batches, producer }) =>
      status !== 'ok' || batches.meanBytes === null
        ? null
        : batches.meanBytes / Number(producer['batch.size']),
    ),
  );
  return fill === null ? figureText(null) : `${figureText(fill.mean * 100)} %`;
}
