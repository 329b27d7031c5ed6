import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureSetOfRun } from '../../../reports/figures/figure-set.ts';
import type { RunSource } from '../../../reports/formats/format.ts';
import { FORMAT_NAMES, type FormatName } from '../../../reports/formats/format-names.ts';
import { FORMATS, renderFormat } from '../../../reports/formats/registry.ts';
import { smallRun } from './small-run.ts';

async function textOf(name: FormatName, fileIndex = 0): Promise<string> {
  return (await renderFormat(name, smallRun()))[fileIndex]!.text;
}

test('every name has its format, and every format says something of a run', async () => {
  assert.deepEqual(Object.keys(FORMATS), [...FORMAT_NAMES]);
  for (const name of FORMAT_NAMES) {
    const files = await renderFormat(name, smallRun());
    for (const { text } of files) {
      assert.doesNotMatch(text, /NaN|undefined|Infinity/, name);
      assert.ok(text.endsWith('\n'), name);
    }
  }
});

test('bencher: a level is a benchmark, throughput and p99 are its own measures, in ns', async () => {
  const { 'small/base': base, 'small/linger.ms=0': linger } = JSON.parse(await textOf('bencher'));
  // 100,000 +- 4.303 * 10,000 / sqrt(3): Student's t for 2 degrees of freedom.
  assert.equal(base.throughput.value, 100_000);
  assert.equal(Math.round(base.throughput.lower_value), 75_159);
  assert.equal(Math.round(base.throughput.upper_value), 124_841);
  assert.deepEqual(base.latency, { value: 2e6, lower_value: 2e6, upper_value: 2e6 });
  assert.equal(base['latency-p50'].value, 1_000_447);
  assert.equal(linger['cpu-ns-per-record'].value, 800);
});

test('github-action-benchmark: two files, each with one direction', async () => {
  const bigger = JSON.parse(await textOf('github-action-benchmark'));
  assert.deepEqual(bigger[0], {
    name: 'small base recordsPerSecond',
    unit: 'records/s',
    value: 100_000,
    range: '75,159 to 124,841',
    extra: 'linger.ms=5\nn=3',
  });
  const names = (entries: { name: string }[]): string[] => entries.map(({ name }) => name);
  assert.deepEqual(names(bigger).slice(2), [
    'small linger.ms=0 recordsPerSecond',
    'small linger.ms=0 megabytesPerSecond',
  ]);
  const smaller = names(JSON.parse(await textOf('github-action-benchmark', 1)));
  assert.ok(smaller.includes('small base latencyP99Ms') && smaller.includes('small base cpuNsPerRecord'));
  assert.ok(!smaller.some((name) => name.endsWith('PerSecond')));
});

test('otava: a header and one row, and a configuration with the direction of each column', async () => {
  const [header, row, end] = (await textOf('otava')).split('\n');
  const columns = header!.split(',');
  const cells = row!.split(',');
  assert.equal(end, '');
  assert.deepEqual(columns.slice(0, 4), ['time', 'commit', 'branch', 'base.recordsPerSecond']);
  assert.deepEqual(cells.slice(0, 4), [
    '2026-01-15T09:30:00.000Z',
    '0123456789abcdef0123456789abcdef01234567',
    'main',
    '100000',
  ]);
  assert.equal(cells[columns.indexOf('linger.ms=0.latencyP99Ms')], '1');
  const yaml = await textOf('otava', 1);
  assert.match(
    yaml,
    /base\.recordsPerSecond:\n +column: base\.recordsPerSecond\n +scale: 1\n +direction: 1\n/,
  );
  assert.match(yaml, /base\.latencyP99Ms:\n +column: base\.latencyP99Ms\n +scale: 1\n +direction: -1\n/);
});

test('otava: rows of two runs stay under one header when a percentile is too rare in one of them', async () => {
  const { result } = smallRun();
  const rare = smallRun({
    trials: result.trials.map((one) => ({ ...one, latencyMs: { ...one.latencyMs, p99: null } })),
  });
  const linesOf = async (source: RunSource): Promise<string[]> =>
    (await renderFormat('otava', source))[0].text.trimEnd().split('\n');
  const [header, row] = await linesOf(smallRun());
  const [rareHeader, rareRow] = await linesOf({ ...rare, figures: figureSetOfRun(rare.result) });
  assert.equal(rareHeader, header);
  assert.equal(rareRow!.split(',').length, row!.split(',').length);
  const at = header!.split(',').indexOf('base.latencyP99Ms');
  assert.deepEqual([row!.split(',')[at], rareRow!.split(',')[at]], ['2', 'nan']);
});

test('otava: a branch that a spreadsheet would run is text', async () => {
  const files = await renderFormat('otava', smallRun({ project: { commit: null, branch: '=cmd()' } }));
  assert.match(files[0].text.split('\n')[1]!, /^2026-01-15T09:30:00\.000Z,,'=cmd\(\),/);
});

test('benchstat: a line per trial, with the direction of what is better when higher', async () => {
  const lines = (await textOf('benchstat')).split('\n');
  // As a key of its own it would keep two commits from being compared.
  assert.ok(lines.includes('# commit: 0123456789abcdef0123456789abcdef01234567'));
  assert.ok(lines.includes('suite: small'));
  assert.ok(lines.includes('Unit records/s better=higher'));
  const figures = '1000000 p50-ns\t1000000 p90-ns\t1000000 p95-ns\t2000000 p99-ns';
  const others = '800 cpu-ns/record\t0.5 requests/record\t1 compressionRatio';
  assert.deepEqual(
    lines.filter((line) => line.startsWith('BenchmarkProduce/linger.ms=5-2')),
    [
      ['90000', '9'],
      ['100000', '10'],
      ['110000', '11'],
    ].map(
      ([records, megabytes]) =>
        `BenchmarkProduce/linger.ms=5-2\t1\t${records} records/s\t${megabytes} MB/s\t${figures}\t${others}`,
    ),
  );
  assert.equal(lines.filter((line) => line.startsWith('BenchmarkProduce/linger.ms=0-2')).length, 2);
});

test('junit: without gates a case per level verified; a failed trial is an error with its reason', async () => {
  assert.equal(
    await textOf('junit'),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tidemark run small" tests="3" failures="1" errors="1" time="12.000">
  <testsuite name="tidemark run small" tests="3" failures="1" errors="1" skipped="0" time="12.000" timestamp="2026-01-15T09:30:00" hostname="localhost">
    <testcase name="base verified" classname="tidemark.small" time="6.000">
      <system-out>verified: yes</system-out>
    </testcase>
    <testcase name="linger.ms=0 verified" classname="tidemark.small" time="6.000">
      <failure message="verified: FAILED" type="failure">verified: FAILED</failure>
    </testcase>
    <testcase name="r3-linger.ms-0 (linger.ms=0)" classname="tidemark.small" time="0.000">
      <error message="TIMEOUT: no answer" type="error">TIMEOUT: no answer</error>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test('junit: a case per gate, one that is not decided is skipped; markup in a name is text', async () => {
  const gate = { value: 25, low: 24, high: 26, level: 'base' };
  const source = smallRun({
    gates: [
      { ...gate, expression: 'throughput>1', verdict: 'pass', message: 'it is 100,000' },
      { ...gate, expression: 'p(99)<20ms', verdict: 'fail', message: 'p99 is "25 ms"\u0001' },
      { ...gate, expression: 'p(50)<1ms', verdict: 'inconclusive', message: '0.9 to 1.1 ms' },
    ],
  });
  const [{ text }] = await renderFormat('junit', source);
  assert.match(text, /<testsuites [^>]*tests="4" failures="1" errors="1"/);
  assert.match(
    text,
    /<testcase name="p\(99\)&lt;20ms"[^>]*>\s*<failure message="p99 is &quot;25 ms&quot;\ufffd"/,
  );
  assert.match(text, /<skipped message="inconclusive: 0\.9 to 1\.1 ms"\/>/);
  assert.match(text, /<testcase name="throughput&gt;1"[^>]*>\s*<system-out>it is 100,000/);
});

test('markdown: a table with intervals, what failed and the notes', async () => {
  const lines = (await textOf('markdown')).split('\n');
  assert.deepEqual(lines.slice(0, 6), [
    '## Tidemark: small',
    '',
    '| level | records/s | p50 latency, ms | p99 latency, ms | CPU, ns/record | n |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    '| base | 100,000 (75,159 to 124,841) | 1.00 (1.00 to 1.00) | 2.00 (2.00 to 2.00) | 800 (800 to 800) | 3 |',
    // Two rounds do not show that half is less; what is alike in both is no difference either.
    '| linger.ms=0 | \\~50,000 (50,000 to 50,000) | \\~1.00 (1.00 to 1.00) | 1.00 (1.00 to 1.00) | \\~800 (800 to 800) | 2 |',
  ]);
  assert.ok(lines.some((line) => line.startsWith('- \\~ not shown to differ from the base, within rounds')));
  assert.ok(
    lines.some((line) =>
      /^- linger\.ms: seen from .+ in records\/s, .+ in p99 \(a difference that large/.test(line),
    ),
  );
  assert.ok(lines.includes('- ❌ r3-linger.ms-0: TIMEOUT: no answer'));
});

test('a run that was interrupted does not look like one that passed', async () => {
  const source = smallRun({ interrupted: true });
  const [junit] = await renderFormat('junit', source);
  assert.match(
    junit.text,
    /<testcase name="every trial measured"[^>]*>\s*<error message="The run was interrupted/,
  );
  assert.match(junit.text, /<testsuites [^>]*errors="2"/);
  const [markdown] = await renderFormat('markdown', source);
  assert.match(markdown.text, /^\*\*The run was interrupted: some trials are missing\.\*\*$/m);
});

test('prometheus: base units, the bounds in gauges of their own, escaped labels', async () => {
  const source = smallRun({ suite: 'a "b"\nc' });
  const [{ text }] = await renderFormat('prometheus', source);
  const labels = 'suite="a \\"b\\" c",level="base"';
  for (const line of [
    `tidemark_records_per_second{${labels}} 100000`,
    `tidemark_bytes_per_second{${labels}} 10000000`,
    `tidemark_latency_seconds{${labels},percentile="99"} 0.002`,
    `tidemark_latency_seconds_high{${labels},percentile="99"} 0.002`,
    `tidemark_cpu_seconds_per_record{${labels}} 8e-7`,
    'tidemark_failed_trials{suite="a \\"b\\" c"} 1',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line}\nin\n${text.slice(0, 2000)}`);
  }
});

test('perf-test: the line of each trial, rate and latency of one phase', async () => {
  assert.equal(
    (await textOf('perf-test')).split('\n').slice(0, 2).join('\n'),
    `# base, round 1
1000 records sent, 1000.0 records/sec (0.10 MB/sec), 1.50 ms avg latency, 4.00 ms max latency, 1 ms 50th, 1 ms 95th, 2 ms 99th, 2 ms 99.9th.`,
  );
  const { result } = smallRun();
  const alone = smallRun({ trials: result.trials.slice(0, 1) });
  const [{ text }] = await renderFormat('perf-test', alone);
  assert.match(text, /^1000 records sent, [^\n]*\n$/);
});

test('no format takes over a line, a cell or an escape sequence of a hostile name', async () => {
  const name = 'a\nb\u001b[31m\u202e|\t<b>';
  const { result } = smallRun();
  const hostile = smallRun({
    suite: name,
    factors: [{ property: 'linger.ms', levels: ['5', name] }],
    trials: result.trials.map((trial) =>
      trial.level === '0'
        ? { ...trial, level: name, producer: { ...trial.producer, 'linger.ms': name } }
        : trial,
    ),
  });
  for (const format of FORMAT_NAMES) {
    const plain = await renderFormat(format, smallRun());
    for (const [index, { text }] of (await renderFormat(format, hostile)).entries()) {
      // The sentences of junit and markdown may wrap, and a YAML key moves behind a question mark when it is long.
      if (format !== 'otava' || index === 0) {
        assert.equal(text.split('\n').length, plain[index]!.text.split('\n').length, format);
      }
      for (const control of ['\u001b', '\u202e', '\\u001b']) assert.ok(!text.includes(control), format);
    }
  }
});
