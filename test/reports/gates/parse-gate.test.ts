import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATE_METRICS } from '../../../reports/gates/gate-metrics.ts';
import { parseGate } from '../../../reports/gates/parse-gate.ts';

function read(text: string): unknown[] {
  const { metric, selector, comparator, limit } = parseGate(text);
  const scope =
    selector.kind === 'settings' ? selector.settings.map((s) => `${s.property}=${s.value}`) : selector.kind;
  return [metric.name, scope, comparator, limit.kind === 'figure' ? limit.value : { change: limit.fraction }];
}

test('a gate is a metric, a comparator and a limit, with spaces or without', () => {
  assert.deepEqual(read('p(99)<20ms'), ['p(99)', 'every', '<', 20]);
  assert.deepEqual(read('  p( 99.9 ) <= 1.5 s '), ['p(99.9)', 'every', '<=', 1500]);
  assert.deepEqual(read('p99.9<1'), ['p(99.9)', 'every', '<', 1]);
  assert.deepEqual(read('lost==0'), ['lost', 'every', '==', 0]);
  assert.deepEqual(read('retries != 3 batches'), ['retries', 'every', '!=', 3]);
});

test('a limit without a unit is in the base unit of its metric; units convert to it', () => {
  assert.deepEqual(read('throughput>100000').at(-1), 100_000);
  assert.deepEqual(read('throughput > 1.5 M records/s').at(-1), 1_500_000);
  assert.deepEqual(read('throughput>=100k').at(-1), 100_000);
  assert.deepEqual(read('p(50)<700us').at(-1), 0.7);
  assert.deepEqual(read('mean<700µs').at(-1), 0.7);
  assert.deepEqual(read('cpu<1.2us').at(-1), 1200);
  assert.deepEqual(read('compression<35%').at(-1), 0.35);
  assert.deepEqual(read('megabytes>1GB/s').at(-1), 1000);
  assert.deepEqual(read('throughput>1e5').at(-1), 100_000);
});

test('a throughput in bytes is that of bytes', () => {
  assert.deepEqual(read('throughput>50MB/s'), ['megabytes', 'every', '>', 50]);
});

test('per cent with a sign is a change against the base', () => {
  assert.deepEqual(read('cpu<+5%').at(-1), { change: 0.05 });
  assert.deepEqual(read('throughput > -3 %').at(-1), { change: -0.03 });
});

test('a selector names the base, or settings that all must be met', () => {
  assert.deepEqual(read('p(99){linger.ms=5}<20ms')[1], ['linger.ms=5']);
  assert.deepEqual(read('p(99) { linger.ms = 5, acks=all } < 20ms')[1], ['linger.ms=5', 'acks=all']);
  assert.deepEqual(read('p(99){base}<20ms')[1], 'base');
});

test('a name that is no metric is refused with the nearest one', () => {
  const hints = {
    'througput>1': 'throughput',
    'Lost==0': 'lost',
    'cpuNsPerRecord<5': 'cpu',
    'latency<5': 'p\\(99\\)',
  };
  for (const [text, near] of Object.entries(hints)) {
    assert.throws(() => parseGate(text), new RegExp(`names no metric.*did you mean ${near}\\?`), text);
  }
  for (const text of ['constructor>1', 'acks==1']) {
    assert.throws(() => parseGate(text), /names no metric.*skew$/, text);
  }
  assert.throws(() => parseGate('p(98)<2'), /p\(98\) is not kept, expected p\(50\)/);
});

test('what does not parse says which part, and what was expected there', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /gate '': expected METRIC COMPARATOR NUMBER/],
    ['<5', /expected METRIC/],
    ['p(99)', /has no comparator/],
    ['lost=0', /did you mean ==\?/],
    ['throughput=>5', /did you mean >=\?/],
    ['p(99)<', /expected a number behind the comparator, got ''/],
    ['p(99)<fast', /expected a number/],
    ['p(99)<20 parsecs', /p\(99\) has no unit 'parsecs', expected no unit \(ms\), ns, us, ms, s/],
    ['throughput>5ms', /throughput has no unit 'ms'/],
    ['cpu<+5', /a sign makes it a change, which is in %: expected \+5%, or 5 for a figure/],
    ['cpu<5%', /a change against the base has its sign: \+5%/],
    ['throughput>100,000', /number without separators, such as 100000 or 100k, got '100,000'/],
    ['throughput>100 000', /number without separators/],
    ['throughput>-1', /no figure is below 0/],
    ['lost==0.5', /lost is a whole number and never 0\.5/],
    ['p(99){linger.ms<5', /expected \} behind the selector/],
    ['p(99){linger.ms}<5', /expected \{base\} or \{property=value, \.\.\.\}, got 'linger\.ms'/],
    ['p(99){}<5', /expected \{base\}/],
    ['p(99)==20', /== is for counts .*p\(99\) is an estimate/],
    [`lost==0${' '.repeat(3)}${'x'.repeat(300)}`, /characters long, expected at most 200/],
  ];
  for (const [text, message] of cases) assert.throws(() => parseGate(text), message, text);
});

test('every metric can be asked about by its own name', () => {
  for (const { name } of GATE_METRICS) assert.equal(parseGate(`${name}<1`).metric.name, name);
});
