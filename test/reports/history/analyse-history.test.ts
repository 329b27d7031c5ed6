import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyseHistory, historyNotes } from '../../../reports/history/analyse-history.ts';
import { historyHtml } from '../../../reports/history/history-html.ts';
import { historyMarkdown } from '../../../reports/history/history-markdown.ts';
import { historyReport } from '../../../reports/history/history-report.ts';
import { commitOf, inventedEntries } from './history-fixture.ts';

const stepped = inventedEntries([
  { checks: 30, change: 0 },
  { checks: 10, change: 0.03 },
]);

describe('the analysis of a history', () => {
  it('says which commits, how much and since when', () => {
    const [series] = analyseHistory(stepped);
    assert.equal(series?.changes.length, 1);
    const [change] = series!.changes;
    assert.equal(change?.verdict, 'worse');
    assert.equal(change?.before.commit, commitOf(29));
    assert.equal(change?.after.commit, commitOf(30));
    assert.deepEqual([change?.checksBefore, change?.checksAfter], [30, 10]);
    assert.ok(change!.low < 0.03 && change!.high > 0.03 && change!.high - change!.low < 0.015);
    assert.ok(change!.p < 1e-4);
  });

  it('gives the interval of Student for the ratio of two levels', () => {
    // scipy 1.16: ttest_ind([0.049, 0.05, 0.051], [0.01, 0.011, 0.012] * 3).confidence_interval()
    const ratios = [0.01, 0.011, 0.012, 0.01, 0.011, 0.012, 0.01, 0.011, 0.012, 0.049, 0.05, 0.051];
    const entries = inventedEntries([{ checks: 12, change: 0 }]).map((entry, index) => ({
      ...entry,
      ratio: Math.exp(ratios[index]!),
    }));
    const [change] = analyseHistory(entries)[0]!.changes;
    assert.equal(change?.index, 9);
    assert.ok(Math.abs(Math.log1p(change!.low) - 0.037671394683653) < 1e-8);
    assert.ok(Math.abs(Math.log1p(change!.high) - 0.040328605316347) < 1e-8);
  });

  it('takes more records per second for better, and less for worse', () => {
    const entries = (change: number) =>
      inventedEntries(
        [
          { checks: 20, change: 0 },
          { checks: 10, change },
        ],
        () => ({ metric: 'recordsPerSecond' }),
      );
    assert.equal(analyseHistory(entries(0.05))[0]?.changes[0]?.verdict, 'better');
    assert.equal(analyseHistory(entries(-0.05))[0]?.changes[0]?.verdict, 'worse');
  });

  it('finds nothing where there is nothing', () => {
    const [series] = analyseHistory(inventedEntries([{ checks: 60, change: 0.01 }]));
    assert.deepEqual(series?.changes, []);
    assert.equal(series?.levels.length, 1);
  });

  it('tells each metric and each reference apart', () => {
    const entries = inventedEntries([{ checks: 6, change: 0 }], (index) =>
      index % 2 === 0 ? {} : { base: { label: 'git:main', description: `commit ${index}` } },
    );
    const series = analyseHistory(entries);
    assert.equal(series.length, 4);
    assert.match(historyNotes(series).join(), /the reference git:main stood for 3 different things/);
  });

  it('says what else changed at the same check', () => {
    const entries = stepped.map((entry, index) =>
      index < 30 ? entry : { ...entry, machine: { ...entry.machine, cpu: 'Another CPU', node: 'v26.0.0' } },
    );
    assert.deepEqual(analyseHistory(entries)[0]?.changes[0]?.notes, [
      'processor changed at the same check: Invented CPU, then Another CPU',
      'Node changed at the same check: v24.21.0, then v26.0.0',
    ]);
  });

  it('says so when branches are mixed', () => {
    const entries = stepped.map((entry, index) => ({ ...entry, branch: index % 2 === 0 ? 'main' : null }));
    assert.match(analyseHistory(entries)[0]!.notes.join(), /2 branches .*main, no branch.*--branch/);
  });

  it('says so when lines are no longer what a check wrote', () => {
    const [first, ...rest] = stepped;
    const edited = analyseHistory([{ ...first!, ratio: 0.9 }, ...rest]);
    assert.match(edited[0]!.notes.join(), /^one line says something else than the check of that id/);
    assert.deepEqual(analyseHistory(stepped)[0]!.notes, []);
  });
});

describe('the reports of a history', () => {
  const series = analyseHistory(stepped);

  it('are a table that fits 80 columns', () => {
    const text = historyMarkdown('h.ndjson', series);
    assert.match(text, /^# h\.ndjson: 40 checks, 1 series\n/);
    assert.match(
      text,
      /\| \+\d\.\d % worse \| \+\d\.\d to \+\d\.\d +\| 2026-01-31 03:12 \| [0-9a-f]{7}\.\.[0-9a-f]{7} \| 30\+10 +\|/,
    );
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    assert.equal(table.length, 3);
    assert.ok(table.every((line) => line.length <= 80));
  });

  it('are JSON with fractions, times, commits and what git log takes', () => {
    const report = historyReport('h.ndjson', series);
    const [change] = report.series[0]!.changes;
    assert.equal(change?.range, `${commitOf(29)}..${commitOf(30)}`);
    assert.equal(change?.since, '2026-01-31T03:12:00.000Z');
    assert.ok(change!.low <= change!.change && change!.change <= change!.high);
    assert.equal(report.series[0]?.level.checks, 10);
    assert.deepEqual(report.method, { name: 'e-divisive', windowLength: 50, maxP: 0.0001, minLength: 3 });
  });

  it('have no range of commits where one is missing', () => {
    const entries = stepped.map((entry) => ({ ...entry, commit: null }));
    assert.equal(historyReport('h', analyseHistory(entries)).series[0]?.changes[0]?.range, null);
    assert.match(historyMarkdown('h', analyseHistory(entries)), /\| – +\|/);
  });

  it('are a page with a chart, without a script, that marks what changed', () => {
    const page = historyHtml('h.ndjson', series);
    assert.match(page, /<svg/);
    assert.doesNotMatch(page, /<script|NaN|undefined|#a1b2/);
    assert.match(page, /aria-label="CPU per record, nightly: \+\d\.\d % at check 31 of 40"/);
  });

  it('take names for text', () => {
    const evil = '<img src=x onerror=broken()>|`*\u001b[31m';
    const entries = stepped.map((entry) => ({
      ...entry,
      branch: evil,
      scenario: evil,
      commit: evil,
      reference: { label: evil, description: evil },
      load: { [evil]: evil },
    }));
    const hostile = analyseHistory(entries);
    assert.doesNotMatch(historyHtml(evil, hostile), /<img/);
    const text = historyMarkdown(evil, hostile);
    assert.ok(!text.includes('\u001b'));
    assert.doesNotMatch(text, /(?<!\\)<img/);
    const tableLines = text.split('\n').filter((line) => line.startsWith('|'));
    assert.ok(tableLines.every((line) => line.replaceAll('\\|', '').split('|').length === 7));
  });

  it('name a single check as one', () => {
    const [entry] = stepped;
    const text = historyMarkdown('h', analyseHistory([entry!]));
    assert.match(text, /1 check, 1 series/);
    assert.match(text, /No change of the level found/);
  });
});
