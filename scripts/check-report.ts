/**
 * `node scripts/check-report.ts [report.html ...]`: opens reports in headless Chromium at 1280 and 400 pixels, light
 * and dark, with and without scripts. Without arguments it makes three of invented figures, one with hostile names.
 * SCREENSHOTS=DIR keeps pictures.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { reportHtml } from '../reports/formats/report-html.ts';
import { histogramsInMemory } from '../reports/trial-histograms.ts';
import { hostileResult } from '../test/reports/hostile-result.ts';
import { quickFixture } from '../test/reports/result-fixture.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const WIDTHS = [1280, 400];
const SCHEMES = ['light', 'dark'] as const;

let passed = 0;
let failed = 0;

function check(name: string, isGood: boolean, found: unknown = ''): void {
  if (isGood) passed++;
  else failed++;
  if (!isGood) console.log(`FAILED  ${name} ${JSON.stringify(found)}`);
}

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

interface View {
  readonly file: string;
  readonly width: number;
  readonly scheme: (typeof SCHEMES)[number];
  readonly hasScripts: boolean;
}

async function checkView(browser: Browser, view: View): Promise<void> {
  const { file, width, scheme, hasScripts } = view;
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
  const charts = await ask<number>(page, `document.querySelectorAll('script[data-chart]').length`);
  check(`${name} has charts`, charts >= 3, charts);
  if (hasScripts) await checkLiveCharts(page, name, charts);
  else check(`${name} shows every chart as SVG`, (await ask<number>(page, SHOWN_SVG)) === charts);
  const overflow = await ask<number>(page, 'document.documentElement.scrollWidth - innerWidth');
  check(`${name} does not scroll sideways`, overflow <= 0, overflow);
  await checkColors(page, name, scheme);
  if (hasScripts) await checkSorting(page, name);
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

async function checkLiveCharts(page: Page, name: string, charts: number): Promise<void> {
  const drawn = await ask<number>(
    page,
    `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(${DRAWN}), 200)))`,
  );
  check(`${name} draws every chart`, drawn === charts, drawn);
  const chart = page.locator('.live').first();
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.7, box.y + 30);
  await page.waitForTimeout(150);
  const tip = await ask<string>(
    page,
    `[...document.querySelector('.live').children].slice(1).map((element) => element.innerText).join(' ')`,
  );
  check(`${name} a chart has a tooltip`, /records\/s/.test(tip), tip);
}

async function checkColors(page: Page, name: string, scheme: View['scheme']): Promise<void> {
  const color = await ask<string>(page, 'getComputedStyle(document.body).backgroundColor');
  const [red = 0] = (/\d+/.exec(color) ?? []).map(Number);
  check(`${name} follows the colour scheme`, scheme === 'dark' ? red < 64 : red > 192, color);
}

async function checkSorting(page: Page, name: string): Promise<void> {
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

function inventedReports(directory: string): string[] {
  const results = {
    quick: quickFixture(),
    grid: quickFixture({ design: 'full', records: 2_000 }),
    hostile: hostileResult(),
  };
  return Object.entries(results).map(([name, { result, histograms }]) => {
    const file = join(directory, `${name}.html`);
    writeFileSync(file, reportHtml(result, histogramsInMemory(histograms)));
    return file;
  });
}

if (!existsSync(CHROMIUM)) {
  console.log(
    `FAILED  ${CHROMIUM} is missing; install it with: apt-get update && apt-get install -y chromium`,
  );
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const directory = mkdtempSync(join(tmpdir(), 'tidemark-check-report-'));
const given = process.argv.slice(2);
const files = given.length > 0 ? given : inventedReports(directory);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const file of files)
    for (const width of WIDTHS)
      for (const scheme of SCHEMES)
        for (const hasScripts of [true, false]) await checkView(browser, { file, width, scheme, hasScripts });
} finally {
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
