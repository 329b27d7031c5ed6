import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ChartOption } from './chart-options.ts';
import { withFormatters } from './client-script.ts';
import { withCssVariables } from './theme.ts';

/** The part of echarts that is used here: one bundle, drawn in Node and carried by the report. */
interface Echarts {
  init(
    place: null,
    theme: null,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): { setOption(option: Record<string, unknown>): void; renderToSVGString(): string; dispose(): void };
}

const require = createRequire(import.meta.url);
const FULL_BUNDLE = 'echarts';
const CARRIED_BUNDLE = 'echarts/dist/echarts.common.min.js';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** A chart as SVG text that reads without a script and follows the colour scheme by CSS variables. */
export function chartSvg(option: ChartOption, size: ChartSize, index: number): string {
  const echarts = require(FULL_BUNDLE) as Echarts;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption(withFormatters(option));
  // The library escapes markup, and lets pass what XML forbids.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const svg = chart.renderToSVGString().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
  chart.dispose();
  return renumbered(withCssVariables(svg), index);
}

/** Ids and classes count up over the life of a process; here they tell the charts of one page apart, the same in every run. */
function renumbered(svg: string, index: number): string {
  const numbers = new Map<string, number>();
  return svg.replace(/zr\d+-/g, `c${index}-`).replace(/-cls-(\d+)/g, (_, number: string) => {
    if (!numbers.has(number)) numbers.set(number, numbers.size);
    return `-cls-${numbers.get(number)}`;
  });
}

/** The library for the report itself (bars, lines, points, tooltips; about 0.7 MB). */
export function chartLibrary(): string {
  return readFileSync(require.resolve(CARRIED_BUNDLE), 'utf8').replace(/<\/(script)/gi, '<\\/$1');
}
