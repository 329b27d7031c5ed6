import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { CheckedPage, View } from './checked-page.ts';

/** Counts, and tells what is not so. */
export type Check = (name: string, isGood: boolean, found?: unknown) => void;

interface Named {
  readonly name: string;
  readonly check: Check;
}

const TOOLTIP = /records\/s|partition|column/;
/** Share of the width, and pixels down: on a row of most charts, on a bar of the lab's; again for a slow machine. */
const TOOLTIP_POINTS = [
  [0.7, 30],
  [0.05, 58],
  [0.72, 32],
  [0.06, 57],
] as const;

/** Asks the page; the expression is JavaScript text, since the page has other globals than Node. */
function ask<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate(expression) as Promise<T>;
}

const DRAWN = `[...document.querySelectorAll('.chart canvas')].filter((canvas) => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value) => value !== 0);
}).length`;
const SHOWN_SVG = `[...document.querySelectorAll('.chart svg')].filter((svg) => svg.getBoundingClientRect().width > 200 && svg.querySelectorAll('path').length > 2).length`;
const FIRST_COLUMN_VALUES = `[...document.querySelectorAll('#all-levels tbody tr')].map((row) => row.cells[2].dataset.value).filter((value) => value !== '').map(Number)`;

/** Opens a page as `view` says and looks at it; SCREENSHOTS=DIR keeps a picture. */
export async function checkView(
  browser: Browser,
  { file, leastCharts, texts }: CheckedPage,
  { view, check }: { readonly view: View; readonly check: Check },
): Promise<void> {
  const { width, scheme, hasScripts } = view;
  const name = `${basename(file, '.html')} ${width} ${scheme}${hasScripts ? '' : ' without scripts'}:`;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: hasScripts,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on(
    'console',
    (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()),
  );
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  const url = pathToFileURL(resolve(file)).href;
  await page.goto(url);
  const charts = await ask<number>(page, `document.querySelectorAll('.chart').length`);
  check(`${name} has charts`, charts >= leastCharts, charts);
  const live = await ask<number>(page, `document.querySelectorAll('script[data-chart]').length`);
  if (hasScripts && live > 0) await checkLiveCharts(page, { name, charts, check });
  else {
    const shown = await ask<number>(page, SHOWN_SVG);
    check(`${name} shows every chart as SVG`, shown === charts, [shown, charts]);
  }
  const text = (await ask<string>(page, 'document.body.innerText')).toLowerCase();
  const missing = texts.filter((one) => !text.includes(one.toLowerCase()));
  check(`${name} says what it is about`, missing.length === 0, missing);
  const overflow = await ask<number>(page, 'document.documentElement.scrollWidth - innerWidth');
  check(`${name} does not scroll sideways`, overflow <= 0, overflow);
  await checkColors(page, { name, scheme, check });
  const isSortable = await ask<boolean>(page, `document.getElementById('all-levels') !== null`);
  if (hasScripts && isSortable) await checkSorting(page, { name, check });
  check(`${name} nothing injected ran`, (await ask<boolean>(page, `'broken' in globalThis`)) === false);
  check(`${name} no complaints in the console`, complaints.length === 0, complaints);
  check(
    `${name} loads nothing but itself`,
    requests.every((request) => request === url),
    requests,
  );
  const pictures = process.env['SCREENSHOTS'];
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({
      path: join(pictures, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`),
      fullPage: true,
    });
  }
  await context.close();
}

async function checkLiveCharts(
  page: Page,
  { name, charts, check }: Named & { readonly charts: number },
): Promise<void> {
  const drawn = await ask<number>(
    page,
    `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(${DRAWN}), 200)))`,
  );
  check(`${name} draws every chart`, drawn === charts, drawn);
  const chart = page.locator('.live').first();
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  let tip = '';
  for (const [across, down] of TOOLTIP_POINTS) {
    await page.mouse.move(box.x + box.width * across, box.y + down);
    await page.waitForTimeout(150);
    tip = await ask<string>(
      page,
      `[...document.querySelector('.live').children].slice(1).map((element) => element.innerText).join(' ')`,
    );
    if (TOOLTIP.test(tip)) break;
  }
  check(`${name} a chart has a tooltip`, TOOLTIP.test(tip), tip);
}

async function checkColors(
  page: Page,
  { name, scheme, check }: Named & { readonly scheme: View['scheme'] },
): Promise<void> {
  const color = await ask<string>(page, 'getComputedStyle(document.body).backgroundColor');
  const [red = 0] = (/\d+/.exec(color) ?? []).map(Number);
  check(`${name} follows the colour scheme`, scheme === 'dark' ? red < 64 : red > 192, color);
}

async function checkSorting(page: Page, { name, check }: Named): Promise<void> {
  const button = page.locator('#all-levels thead th').nth(2).locator('button');
  await button.click();
  const falling = await ask<number[]>(page, FIRST_COLUMN_VALUES);
  check(`${name} sorts by number, the largest first`, isSorted(falling.toReversed()), falling);
  await button.click();
  const rising = await ask<number[]>(page, FIRST_COLUMN_VALUES);
  check(`${name} and the other way round`, isSorted(rising), rising);
  const sorted = await ask<string | null>(
    page,
    `document.querySelectorAll('#all-levels thead th')[2].getAttribute('aria-sort')`,
  );
  check(`${name} says how it is sorted`, sorted === 'ascending', sorted);
}

function isSorted(values: readonly number[]): boolean {
  return values.length > 1 && values.every((value, index) => index === 0 || values[index - 1]! <= value);
}
