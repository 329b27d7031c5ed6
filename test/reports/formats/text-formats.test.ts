import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportMarkdown } from '../../../reports/formats/report-md.ts';
import { summaryCsv } from '../../../reports/formats/summary-csv.ts';
import { levelsOf } from '../../../reports/levels/levels.ts';
import { terminalTable } from '../../../reports/terminal/level-table.ts';
import { terminalText } from '../../../reports/terminal/run-text.ts';
import { quickFixture, withTrial } from '../result-fixture.ts';
import { smallRun } from './small-run.ts';

const { result } = quickFixture({ records: 500 });
const table = levelsOf(result);

test('the CSV has the contracted columns and a row per trial; a missing figure is empty, never 0', () => {
  const [header, ...rows] = summaryCsv(result).trimEnd().split('\n');
  assert.equal(
    header,
    'trial,factor,batch.size,linger.ms,compression.type,partitioner.class,acks,records,records_per_second,mb_per_second,latency_p50_ms,latency_p95_ms,latency_p99_ms,latency_p999_ms,latency_max_ms,compression_ratio,lost,duplicated,reordered,status,level_trials,level_records_per_second,level_records_per_second_low,level_records_per_second_high,level_latency_p99_ms,level_latency_p99_ms_low,level_latency_p99_ms_high,versus_base_ratio,versus_base_low,versus_base_high,versus_base,detectable',
  );
  assert.equal(rows.length, result.trials.length);
  const acksNone = rows.find((row) => row.startsWith('r1-acks-0'))!.split(',');
  assert.deepEqual(acksNone.slice(16, 20), ['', '', '', 'ok']);
  assert.equal(acksNone[13], '', 'p99.9 of 500 samples does not exist');
});

test('the CSV keeps numbers as they are and disarms text that a spreadsheet would run', () => {
  const odd = withTrial(result, 'r1-acks-1', (trial) => ({
    ...trial,
    producer: { ...trial.producer, acks: '-1', 'partitioner.class': '=cmd|"/c calc"!A1, x' },
  }));
  const row = summaryCsv(odd)
    .split('\n')
    .find((line) => line.startsWith('r1-acks-1'))!;
  assert.ok(row.includes(`"'=cmd|""/c calc""!A1, x",-1,`), row);
});

test('the table has a row per level under its factor, aligned, within 120 columns', () => {
  const lines = terminalTable(table, { color: false, width: 200 }).split('\n');
  assert.equal(lines.filter((line) => line.includes('(base, 3x)')).length, 5);
  assert.ok(lines.every((line) => line.length <= 120));
  const end = lines[0]!.indexOf('records/s') + 'records/s'.length;
  for (const line of lines.filter((one) => /^ {2}\S/.test(one)).slice(1))
    assert.match(line.slice(end - 1, end + 1), /^[\d–] $/);
  assert.match(lines.join('\n'), /gzip \(overloaded\)/);
  assert.match(lines.join('\n'), /0 \(local write\)/);
});

test('a narrow terminal loses the least important columns, never records/s', () => {
  for (const width of [40, 60, 80, 100]) {
    const lines = terminalTable(table, { color: false, width }).split('\n');
    assert.ok(
      lines.every((line) => line.length <= Math.max(width, 45)),
      `${width}: ${lines[0]}`,
    );
    assert.match(lines[0]!, /records\/s/);
  }
  assert.doesNotMatch(terminalTable(table, { color: false, width: 80 }), /ratio/);
});

test('the legend names only phases that were run, and says what has no latency', () => {
  const style = { color: false, width: 120 };
  const [first] = result.trials;
  const none = { recordsPerSecond: null, megabytesPerSecond: null, wireBytesPerSecond: null };
  const single = { ...result, design: 'single' as const, factors: [] };
  const text = (change: object): string =>
    terminalText({ ...single, trials: [{ ...first!, ...change }] }, style);
  assert.match(
    text({}),
    /^ {2}base {2,}[\s\S]*records\/s and MB\/s at saturation; latency and requests at 120,000/m,
  );
  assert.match(
    text({ throughput: none }),
    /All records at one rate: latency and requests at 120,000 records\/s\./,
  );
  const saturated = text({ pacedRate: null, latencyKind: 'service' });
  assert.match(saturated, /at saturation\. 1 MB is 10\^6 bytes\. Latency there, from send\(\) on, is mostly/);
  const forgotten = text({ sendForm: 'forget', producer: { ...first!.producer, acks: '0' } });
  assert.match(forgotten, /send: forget asks for no callback, so there is no latency\./);
  assert.doesNotMatch(forgotten, /latency ends when the request is written/);
});

test('what a server says cannot steer the terminal', () => {
  const hostile = withTrial(result, 'r1-base-1', (trial) => ({
    ...trial,
    status: 'failed',
    error: 'no \u001b[2Jroom\u0007',
  }));
  const text = terminalText(hostile, { color: false, width: 120 });
  assert.match(text, /r1-base-1: no \?\[2Jroom\?/);
  assert.equal(text.includes('\u001b'), false);
});

test('colours are off unless asked for', () => {
  const controlSequence = '\u001b[';
  assert.ok(!terminalText(result, { color: false, width: 120 }).includes(controlSequence));
  assert.ok(terminalText(result, { color: true, width: 120 }).includes(controlSequence));
});

test('control characters in names reach neither the table nor its alignment', () => {
  const odd = withTrial(result, 'r1-acks-1', (trial) => ({ ...trial, level: 'a\u001b[2J\nb' }));
  const text = terminalTable(levelsOf(odd), { color: false, width: 120 });
  assert.ok(text.includes('a?[2J?b') && !text.includes('\u001b'));
});

test('differences inside the spread of the base carry a tilde, the base never does', () => {
  const lines = terminalTable(table, { color: false, width: 120 }).split('\n');
  assert.ok(lines.some((line) => line.includes('~')));
  assert.ok(lines.filter((line) => line.includes('(base')).every((line) => !line.includes('~')));
});

test('Markdown tables keep their shape whatever stands in a cell', () => {
  const odd = withTrial({ ...result, suite: 'a|b\n# <img src=x>' }, 'r1-acks-1', (trial) => ({
    ...trial,
    level: 'x | y `z`\n|',
  }));
  const text = reportMarkdown({ ...odd, command: 'run ```` x' });
  assert.ok(!text.includes('<img'));
  const rows = text.split('\n').filter((line) => line.startsWith('| x'));
  assert.equal(rows.length, 1);
  assert.equal(rows[0]!.replaceAll('\\|', '').split('|').length, 12);
  assert.ok(text.includes('`````sh\nrun ```` x\n`````'));
});

test('a result without trials still reads', () => {
  const empty = { ...result, trials: [], interrupted: true };
  assert.match(terminalText(empty, { color: false, width: 80 }), /No trial has finished/);
  assert.match(reportMarkdown(empty), /interrupted/);
  assert.equal(summaryCsv(empty).trimEnd().split('\n').length, 1);
});

test('cells of a grid are named by their values, in the order that the title gives', () => {
  const grid = quickFixture({ design: 'full', records: 500 }).result;
  const lines = terminalTable(levelsOf(grid), { color: false, width: 120 }).split('\n');
  const title = grid.factors.map(({ property }) => property).join(' / ');
  assert.ok(lines.includes(title), lines.slice(0, 4).join('\n'));
  const values = grid.factors.map(({ levels }) => levels[0]).join(' / ');
  assert.ok(
    lines.some((line) => line.startsWith(`  ${values}`)),
    values,
  );
  assert.ok(lines.every((line) => line.length <= 120));
});

test('the terminal says how much the brokers throttled, and nothing when they did not', () => {
  const style = { color: false, width: 120 };
  const throttled = withTrial(result, 'r1-acks-1', (trial) => ({
    ...trial,
    delivery: { retries: 0, throttleTimeMs: 1234 },
  }));
  const text = terminalText(throttled, style);
  assert.match(text, new RegExp(`throttled 1 of ${result.trials.length} trials by 1234 ms in all`));
  assert.ok(!terminalText(result, style).includes('throttled'));
});

test('what could be seen goes under the name of a factor where both do not fit on a line', () => {
  const { result: small, histograms: source } = smallRun();
  const table = levelsOf(small, source);
  const [, , wide] = terminalTable(table, { color: false, width: 120 }).split('\n');
  assert.match(wide!, /^linger\.ms {2}\(seen from .+ in p99\)$/);
  const [, , name, seen, ...others] = terminalTable(table, { color: false, width: 42 }).split('\n');
  assert.equal(name, 'linger.ms');
  assert.match(seen!, /^ {2}\(seen from /);
  assert.ok([seen!, ...others].every((line) => line.length <= 42));
});
