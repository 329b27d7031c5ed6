/**
 * `node scripts/check-report.ts [page.html ...]`: opens pages in headless Chromium at 1280 and 400 pixels, light and
 * dark, with and without scripts. Without arguments it makes one of every kind, of invented figures and hostile names:
 * reports of runs, one beside published figures, the partitioner lab with and without a run, a history.
 * SCREENSHOTS=DIR keeps pictures.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { checkView } from './check-report/check-view.ts';
import { type CheckedPage, VIEWS } from './check-report/checked-page.ts';
import { inventedPages } from './check-report/invented-pages.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** Pages open at the same time: much of a view is waiting. */
const LANES = 3;

let passed = 0;
let failed = 0;

function check(name: string, isGood: boolean, found: unknown = ''): void {
  if (isGood) passed++;
  else failed++;
  if (!isGood) console.log(`FAILED  ${name} ${JSON.stringify(found)}`);
}

function givenPages(files: readonly string[]): CheckedPage[] {
  return files.map((file) => ({ file, leastCharts: 1, texts: [], views: 'all' }));
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
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const pages = given.length > 0 ? givenPages(given) : await inventedPages(directory);
  const left = pages.flatMap((page) => VIEWS[page.views].map((view) => ({ page, view })));
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await checkView(browser, next.page, { view: next.view, check });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
} finally {
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
