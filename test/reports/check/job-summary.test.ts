import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { annotations } from '../../../reports/check/annotations.ts';
import type { CheckMetric, CheckResult } from '../../../reports/check/check-result.ts';
import { plotRows, svgPlot, textPlot } from '../../../reports/check/interval-plot.ts';
import { jobSummary } from '../../../reports/check/job-summary.ts';
import { invented } from '../history/history-fixture.ts';

const [cpu] = invented(0.003).metrics as [CheckMetric];
const rate: CheckMetric = {
  ...cpu,
  metric: 'recordsPerSecond',
  direction: 'higher is better',
  base: null,
  change: -0.05,
  low: -0.2,
  high: -0.025,
};
const check: CheckResult = {
  ...invented(0.003),
  metrics: [cpu, rate],
  gates: [
    {
      expression: 'p(99)<20ms',
      value: 24,
      low: 21,
      high: 29,
      verdict: 'fail',
      level: null,
      message: '24 ms, 20 % over',
    },
    { expression: 'lost==0', value: 0, low: 0, high: 0, verdict: 'pass', level: null, message: '0' },
  ],
};

describe('the summary of a check', () => {
  it('has the verdict with what could be seen, a row per metric, the gates and how to repeat it', () => {
    const text = jobSummary(check, { graph: 'text' });
    assert.match(
      text,
      /^### ✅ Tidemark: no regression above 5 % \(95 % power at 4\.1 %\), 8 sessions, 71 s\n/,
    );
    assert.match(
      text,
      /\| \*\*CPU per record\*\* \| 820 ns\/record \| .* \| \+0\.3 % \| -1\.4 to \+2\.0 % \| \+5\.0 % \|/,
    );
    assert.match(text, /\| throughput \| – \| .* \| -5\.0 % \| -20\.0 to -2\.5 % \| -5\.0 % \|/);
    assert.match(text, /\| `p\(99\)<20ms` \| fail \| 24 ms, 20 % over \|/);
    assert.match(text, /tidemark check --base git:v1\.2\.0/);
    assert.doesNotMatch(text, /<svg|data:/);
  });

  it('draws inline SVG where that is asked for', () => {
    const text = jobSummary(check, { graph: 'svg' });
    assert.match(text, /\n\n<svg [^\n]*<\/svg>\n\n/);
    assert.doesNotMatch(text, /```|NaN/);
  });

  it('repeats commands as they were, and ends no cell of a table at a gate', () => {
    const gate = { ...check.gates[0]!, expression: 'a|b' };
    const command = "tidemark check --build 'make | tee log'";
    const text = jobSummary({ ...check, command, gates: [gate] }, { graph: 'text' });
    assert.ok(text.includes(`To repeat it: \`${command}\``), text);
    assert.match(text, /^\| `a\\\|b` \| fail \|/m);
  });

  it('takes names and notes for text', () => {
    const evil = '<img src=x>|`a`\n# @everyone [x](y)';
    const text = jobSummary(
      {
        ...check,
        notes: [evil],
        base: { label: evil, description: evil },
        gates: [{ ...check.gates[0]!, expression: evil, message: evil }],
      },
      { graph: 'text' },
    );
    const outsideCode = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
    assert.doesNotMatch(outsideCode, /(?<!\\)<img|@everyone|(?<!\\)\[x|^# /m);
  });
});

describe('the picture of intervals', () => {
  it('has worse to the right for every metric, in margins, and shows what leaves it', () => {
    const rows = plotRows([cpu, rate], ({ metric }) => metric);
    assert.deepEqual(rows[1], { name: 'recordsPerSecond', change: 1, low: 0.5, high: 4 });
    const [first, second, scale] = textPlot(rows).split('\n') as [string, string, string];
    assert.equal(second.indexOf('●'), scale.indexOf('margin') + 3);
    assert.equal(first.indexOf('!'), scale.indexOf('margin') + 3);
    assert.ok(second.endsWith('>'));
    assert.equal(svgPlot(rows).match(/<circle/g)?.length, 2);
  });
});

describe('annotations', () => {
  it('are one line for the verdict and one per gate that did not pass, as GitHub reads them', () => {
    assert.deepEqual(annotations(check).split('\n'), [
      '::notice title=Tidemark%3A no regression::no regression above 5 %25 (95 %25 power at 4.1 %25), 8 sessions, 71 s',
      '::error title=Tidemark%3A gate p(99)<20ms::24 ms, 20 %25 over',
      '',
    ]);
  });

  it('are as loud as the verdict', () => {
    const levelOf = (verdict: CheckResult['verdict']): string =>
      annotations({ ...check, verdict, gates: [] }).split(' ')[0]!;
    assert.deepEqual(
      (['regression', 'minor slowdown', 'inconclusive', 'no regression', 'improvement'] as const).map(
        levelOf,
      ),
      ['::error', '::warning', '::warning', '::notice', '::notice'],
    );
  });

  it('stay one line each whatever a gate says', () => {
    const gate = { ...check.gates[0]!, expression: 'a,b:c', message: 'x\n::error::y\r' };
    const text = annotations({ ...check, gates: [gate] });
    assert.equal(text.split('\n').length, 3);
    assert.match(text, /title=Tidemark%3A gate a%2Cb%3Ac::x%0A::error::y%0D\n/);
  });
});
