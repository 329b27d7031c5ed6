import { COLOR_NAMES } from './theme.ts';

/**
 * How numbers are written in charts, as JavaScript text: it runs here (for the SVG) and in the report.
 * Each takes a number; `@point` takes what echarts hands to a tooltip.
 */
const FORMATTERS = `
const trimmed = (value, digits) => String(Number(value.toPrecision(digits)));
const compact = (value) => value >= 1e6 ? trimmed(value / 1e6, 3) + ' M' : value >= 1e4 ? Math.round(value / 1e3) + ' k' : value >= 1e3 ? trimmed(value / 1e3, 2) + ' k' : trimmed(value, 3);
const percentile = (oneIn) => oneIn <= 1 ? '0 %' : Number(((1 - 1 / oneIn) * 100).toPrecision(oneIn >= 1e5 ? 9 : 6)) + ' %';
const ms = (value) => (value >= 1000 ? Math.round(value).toLocaleString('en-US') : trimmed(value, 3)) + ' ms';
const plainText = (text) => String(text).replace(/[&<>"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
const missing = (value) => value === null || value === undefined || Number.isNaN(value);
const one = (format) => (given) => {
  let value = given !== null && typeof given === 'object' && !Array.isArray(given) ? given.value : given;
  if (Array.isArray(value)) value = value[0];
  return missing(value) ? '–' : format(Number(value));
};
const formatters = {
  '@compact': one(compact),
  '@count': one((value) => Math.round(value).toLocaleString('en-US')),
  '@ms': one(ms),
  '@percentile': one(percentile),
  '@point': (given) => plainText(given.seriesName) + (Array.isArray(given.value) ? '<br>' + percentile(given.value[0]) + ': <b>' + ms(given.value[1]) + '</b>' : ''),
};
const withFormatters = (node) => {
  if (Array.isArray(node)) return node.map(withFormatters);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) =>
    [key, (key === 'formatter' || key === 'valueFormatter') && Object.hasOwn(formatters, value) ? formatters[value] : withFormatters(value)]));
};`;

/** Makes the formatters of a chart's option into functions. */
export const withFormatters: (option: unknown) => Record<string, unknown> = new Function(
  `${FORMATTERS}\nreturn withFormatters;`,
)();

/** Charts, sorting and the copy button; without it the report still reads. */
export const CLIENT_SCRIPT = `(() => {
'use strict';
${FORMATTERS}
const colorNames = ${JSON.stringify(COLOR_NAMES)};
const colored = (text) => {
  const style = getComputedStyle(document.documentElement);
  return text.replace(/#a1b2([0-9a-f]{2})/g, (all, number) => {
    const name = colorNames[parseInt(number, 16)];
    return name === undefined ? all : style.getPropertyValue('--' + name).trim();
  });
};
const charts = [];
const drawAll = () => {
  for (const { chart, text } of charts) chart.setOption(withFormatters(JSON.parse(colored(text))), true);
};
const startCharts = () => {
  if (typeof echarts === 'undefined') return;
  for (const data of document.querySelectorAll('script[data-chart]')) {
    const place = document.getElementById(data.dataset.chart);
    const still = place.querySelector('svg');
    const live = document.createElement('div');
    live.className = 'live';
    live.style.height = place.dataset.height + 'px';
    live.setAttribute('aria-hidden', 'true');
    place.append(live);
    try {
      const chart = echarts.init(live, null, { renderer: 'canvas' });
      const entry = { chart, text: data.textContent };
      chart.setOption(withFormatters(JSON.parse(colored(entry.text))), true);
      charts.push(entry);
      new ResizeObserver(() => chart.resize()).observe(live);
      still.style.display = 'none';
    } catch (error) {
      live.remove();
      console.error(error);
    }
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
};
const startSorting = () => {
  for (const table of document.querySelectorAll('table[data-sortable]')) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = head.querySelector('button');
      button.disabled = false;
      button.addEventListener('click', () => {
        const descending = head.getAttribute('aria-sort') === 'ascending' || (head.dataset.number !== undefined && !head.hasAttribute('aria-sort'));
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
        const value = (row) => row.cells[column].dataset.value ?? '';
        const compare = head.dataset.number !== undefined
          ? (a, b) => Number(value(a)) - Number(value(b))
          : (a, b) => value(a).localeCompare(value(b), 'en', { numeric: true });
        const rows = [...body.rows].sort((a, b) => {
          const gaps = (value(a) === '') - (value(b) === '');
          return gaps !== 0 ? gaps : descending ? compare(b, a) : compare(a, b);
        });
        body.append(...rows);
      });
    });
  }
};
const startCopying = () => {
  for (const button of document.querySelectorAll('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const code = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = 'Selected';
      }
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  }
};
startSorting();
startCopying();
startCharts();
})();`;
