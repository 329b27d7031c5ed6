import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { reportHtml } from '../../../reports/formats/report-html.ts';
import { escapeHtml, html, jsonForScript } from '../../../reports/html/escape.ts';
import type { TrialResult } from '../../../reports/result.ts';
import { histogramsInMemory } from '../../../reports/trial-histograms.ts';
import { HOSTILE, hostileResult } from '../hostile-result.ts';
import { quickFixture } from '../result-fixture.ts';

const fixture = quickFixture({ records: 1_000 });
const page = reportHtml(fixture.result, histogramsInMemory(fixture.histograms));

/** The page without the library, which brings its own text. */
function ownText(text: string): string {
  return text.replace(/<script>[\s\S]*?<\/script>/g, '');
}

test('the report is one file under 3 MB that names nothing to load', () => {
  assert.ok(Buffer.byteLength(page) < 3_000_000);
  assert.ok(!/<(link|img|iframe|object|embed)\b|\bsrc=|@import|url\((?!#)/i.test(ownText(page)));
  const elsewhere = [...ownText(page).matchAll(/https?:\/\/[^"'\s<)]*/g)].map((match) => match[0]);
  assert.deepEqual(
    new Set(elsewhere),
    new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']),
  );
});

test('each factor has a chart of throughput, one of latency and percentile curves, as SVG', () => {
  assert.equal(ownText(page).match(/<svg /g)?.length, 15);
  assert.equal(page.match(/data-chart="chart-\d+"/g)?.length, 15);
  assert.ok(!/NaN|undefined</.test(ownText(page)));
});

test('a run without a saturated phase has no chart of throughput', () => {
  const titlesWith = (change: Partial<TrialResult>): string[] => {
    const trials = fixture.result.trials.map((trial) => ({ ...trial, ...change }));
    const text = ownText(reportHtml({ ...fixture.result, trials }));
    return [...new Set([...text.matchAll(/<figcaption><h3>([^<]*)/g)].map((match) => match[1]!))];
  };
  assert.deepEqual(titlesWith({}), ['Throughput', 'Latency', 'Percentile curves']);
  const none = { recordsPerSecond: null, megabytesPerSecond: null };
  assert.deepEqual(titlesWith({ throughput: { ...fixture.result.trials[0]!.throughput, ...none } }), [
    'Latency',
    'Percentile curves',
  ]);
});

test('ids are unique in the page, so no chart borrows from another', () => {
  const ids = [...ownText(page).matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  assert.equal(new Set(ids).size, ids.length);
});

test('the SVG takes its colours from variables, so that both colour schemes fit', () => {
  const svgs = ownText(page).match(/<svg [\s\S]*?<\/svg>/g)!;
  for (const svg of svgs) {
    assert.match(svg, /var\(--/);
    assert.doesNotMatch(svg, /#a1b2/);
  }
});

test('the content security policy allows exactly the scripts of the page', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
  const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]!);
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  assert.equal(scripts.length, 2);
  assert.ok(policy.startsWith("default-src 'none'") && policy.endsWith(`script-src ${hashes.join(' ')}`));
});

test('hostile names stay text everywhere: markup, attributes, SVG and JSON', () => {
  const { result, histograms } = hostileResult();
  const text = reportHtml(result, histogramsInMemory(histograms));
  assert.equal(text.match(/<script\b/gi)?.length, page.match(/<script\b/gi)?.length);
  for (const raw of ['<img', '<!--', '<script>', '\u0000']) assert.ok(!ownText(text).includes(raw), raw);
  assert.ok(text.includes(escapeHtml(HOSTILE)));
  for (const [, json] of text.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g))
    JSON.parse(json!);
});

test('the base is there as a producer.properties to copy, where the result has it', () => {
  const baseProperties = `linger.ms=7\n# ${HOSTILE}\n`;
  const text = reportHtml({ ...fixture.result, baseProperties }, histogramsInMemory(fixture.histograms));
  assert.match(text, /<details class="card"><summary>producer\.properties of the base/);
  assert.ok(text.includes(`<pre><code id="properties">${escapeHtml(baseProperties)}</code></pre>`));
  assert.match(text, /data-copy="properties"/);
  assert.ok(!page.includes('<details class="card">'));
});

test('the same result gives the same page', () => {
  assert.ok(reportHtml(fixture.result, histogramsInMemory(fixture.histograms)) === page);
});

test('grids, single configurations and empty results have a page too', () => {
  const { result } = fixture;
  const grid = quickFixture({ design: 'full', records: 200 }).result;
  const single = { ...result, design: 'single' as const, factors: [], trials: result.trials.slice(0, 2) };
  assert.equal(ownText(reportHtml(grid)).match(/<svg /g)?.length, 3);
  assert.equal(ownText(reportHtml(single)).match(/<svg /g)?.length, 3);
  assert.equal(ownText(reportHtml({ ...result, trials: [] })).includes('<table'), true);
});

test('templates escape what is put in and JSON cannot leave its script', () => {
  assert.equal(
    html`<b title="${'"><i>'}">${['a & b', html`<i>${'<'}</i>`]}</b>`.text,
    '<b title="&quot;&gt;&lt;i&gt;">a &amp; b<i>&lt;</i></b>',
  );
  const json = jsonForScript({ [HOSTILE]: HOSTILE }).text;
  assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
  assert.deepEqual(JSON.parse(json), { [HOSTILE]: HOSTILE });
});
