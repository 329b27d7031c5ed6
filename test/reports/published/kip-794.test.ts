import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportHtml } from '../../../reports/formats/report-html.ts';
import { reportMarkdown } from '../../../reports/formats/report-md.ts';
import { publishedTable } from '../../../reports/published/find-published.ts';
import type { Result, TrialResult } from '../../../reports/result.ts';
import { terminalText } from '../../../reports/terminal/run-text.ts';
import { type InventedTrial, inRounds, inventedResult } from './experiments.ts';

const TIMEOUT = 'partitioner.availability.timeout.ms';
const FACTORS = [
  { property: 'partitioner.class', levels: ['adaptive', 'uniform-sticky', 'sticky'] },
  { property: TIMEOUT, levels: ['0', '5'] },
];
const SLOW: Partial<TrialResult> = { target: { kind: 'embedded', brokers: 3, processingMs: { 1: 20 } } };

function trial(name: string, figures: Partial<InventedTrial>, timeoutMs = '0'): InventedTrial {
  const producer = { 'partitioner.class': name, [TIMEOUT]: timeoutMs };
  return { producer, rate: 2048, mean: 50, p99: 200, change: SLOW, ...figures };
}

function measured(
  change: Partial<Record<'sticky' | 'uniform' | 'adaptive' | 'timeout', Partial<InventedTrial>>> = {},
  rounds = 1,
): Result {
  const trials = [
    trial('adaptive', { mean: 40, p99: 150, ...change.adaptive }),
    trial('uniform-sticky', { mean: 50, p99: 200, ...change.uniform }),
    trial('sticky', { mean: 4000, p99: 10_000, reached: 1730, ...change.sticky }),
    trial('adaptive', { mean: 38, p99: 140, ...change.timeout }, '5'),
  ];
  return inventedResult('kip-794', rounds === 1 ? trials : inRounds(trials, rounds), FACTORS);
}

function sentences(result: Result): string {
  return publishedTable(result)!.sentences.join('\n');
}

describe("KIP-794's figures beside a run's", () => {
  it('stand row by row with what was measured', () => {
    const { rows, columns } = publishedTable(measured())!;
    assert.deepEqual(rows[0], [
      'sticky',
      '1,730',
      '1,725',
      '4,000',
      '4,073',
      '10,000',
      '10,992',
      '–',
      '11,214',
    ]);
    assert.deepEqual(rows[3], [
      'adaptive with timeout',
      '2,048',
      '2,048',
      '38.0',
      '36.3',
      '140',
      '150',
      '–',
      '184',
    ]);
    for (const row of rows) assert.equal(row.length, columns.length);
  });

  it('reproduce as a whole where every claim holds', () => {
    const text = sentences(measured({}, 3));
    assert.match(text, /^Reproduced: sticky falls behind, at 84 % \(84 to 84\) of the offered rate/);
    assert.match(text, /sticky's p99 is 50\.\d times \(\d\d\.\d to \d\d\.\d\) uniform-sticky's/);
    assert.match(text, /In brackets stand 95 % intervals over 3 rounds/);
    assert.doesNotMatch(text, /Seen|Not reproduced|Not measured|Measured for|Other conditions/);
    assert.match(text, /broker 1 takes 20 ms over each produce request/);
  });

  it('call nothing reproduced that one round shows, or that lies within the noise of several', () => {
    const once = sentences(measured());
    assert.match(once, /^Seen in one round, which decides nothing: sticky falls behind, at 84 % of/);
    assert.doesNotMatch(once, /eproduced|In brackets/);
    const close = sentences(measured({ adaptive: { mean: 49.8 }, timeout: { mean: 49.8 } }, 3));
    assert.match(
      close,
      /Seen, but within the noise of these rounds: adaptive's mean latency is below uniform-sticky's, 0\.99\d times \(0\.9\d+ to 1\.0\d\) of it/,
    );
    assert.match(close, /^Reproduced: sticky falls behind.*with the availability timeout/);
  });

  for (const [what, change, said] of [
    ['sticky keeps up', { sticky: { reached: 1960 } }, /Not reproduced: sticky falls behind, at 96 %/],
    [
      'sticky is only 9 times slower',
      { sticky: { p99: 1800 } },
      /Not reproduced: sticky's p99 is 9\.00 times/,
    ],
    [
      'adaptive is slower than uniform',
      { adaptive: { mean: 51 } },
      /Not reproduced: adaptive's mean latency is below/,
    ],
    [
      'the timeout costs more than a tenth',
      { timeout: { mean: 45 } },
      /Not reproduced: with the availability timeout/,
    ],
    [
      'a p99 has too few requests',
      { sticky: { p99: null } },
      /Not measured: sticky's p99 .* too few requests/,
    ],
  ] as const) {
    it(`say so when ${what}`, () => assert.match(sentences(measured(change)), said));
  }

  it('say what a level that failed, or was not measured, leaves open', () => {
    const result = measured({ sticky: { change: { ...SLOW, status: 'failed', error: 'x' } } });
    assert.equal(publishedTable(result)!.rows[0]![1], '–');
    assert.match(sentences(result), /Not measured: sticky falls behind, at an unknown share/);
  });

  it("say at another length that sticky's latency grows with it, and elsewhere that nothing was slow", () => {
    const seconds = Object.fromEntries(
      ['sticky', 'uniform', 'adaptive', 'timeout'].map((name) => [name, { seconds: 5 }]),
    );
    assert.match(
      sentences(measured(seconds)),
      /Measured for 5\.00 s, .* about 1,400 ms after 5 s and 9,475 ms after 60 s/,
    );
    const plain = {
      adaptive: { change: { target: { kind: 'kafka', brokers: 3 } as const, burst: { mean: 2, max: 7 } } },
    };
    assert.match(
      sentences(measured(plain)),
      /no broker was made slow here; bursts had up to 7 records here, 4 there/,
    );
  });

  it('cannot steer the terminal by what a result says of its conditions', () => {
    const target = { kind: 'embedded', brokers: 3, processingMs: { '\u001b[2J': 20 } } as const;
    const text = terminalText(measured({ adaptive: { change: { target } } }), { color: false, width: 80 });
    assert.match(text, /broker \?\[2J takes 20 ms/);
    assert.ok(!text.includes('\u001b'));
  });

  it('are in the terminal at 80 columns, in Markdown and in HTML, and nowhere without a published experiment', () => {
    const result = measured();
    const style = { color: false, width: 80, columns: 80 } as Parameters<typeof terminalText>[1];
    const text = terminalText(result, style);
    const section = text.slice(text.indexOf('KIP-794: one slow broker'));
    assert.match(section, /partitioner +records\/s +mean ms +published +p99 ms +published/);
    for (const line of section.split('\n').slice(0, 6)) assert.ok(line.length <= 80, line);
    for (const report of [reportMarkdown(result), reportHtml(result)]) {
      assert.match(report, /KIP-?794: one slow broker of three, published and measured|KIP-794/);
      assert.match(report, /10,992/);
    }
    const { published: _, ...other } = result;
    for (const report of [terminalText(other, style), reportMarkdown(other)]) {
      assert.doesNotMatch(report, /10,992/);
    }
  });
});
