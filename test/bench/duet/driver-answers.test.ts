import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { impossibleClaim, parseAnswer } from '../../../bench/duet/driver-answers.ts';

const SEGMENT = { type: 'segment', records: 10, wallNs: 100e6, cpuNs: 50e6 } as const;
const LATENCY = { p50: 1, p90: 2, p99: 3 };

describe('answers of a driver', () => {
  it('are told from its other output', () => {
    assert.deepEqual(parseAnswer('{"type":"ready"}'), { type: 'ready' });
    for (const line of ['listening', '{"level":"info"}', '{ not json', '[1]', '{"type":"progress"}']) {
      assert.equal(parseAnswer(line), null, line);
    }
  });

  it('may leave out what the driver cannot tell', () => {
    const segment = { type: 'segment', records: 1, wallNs: 2 };
    assert.deepEqual(parseAnswer(JSON.stringify(segment)), { ...segment, cpuNs: null });
    const latency = { ...SEGMENT, latencyNs: LATENCY };
    assert.deepEqual(parseAnswer(JSON.stringify(latency)), latency);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['a negative count', '"records":-1,"wallNs":1', /records is -1, not a count/],
    ['half a record', '"records":1.5,"wallNs":1', /records is 1.5, not a count/],
    ['a text', '"records":"10","wallNs":1', /records is "10", not a count/],
    ['nothing', '"records":10', /wallNs is missing/],
    ['NaN as JSON has it', '"records":10,"wallNs":null', /wallNs is null, not a time/],
    ['infinity', '"records":10,"wallNs":1e999', /not a time/],
    ['negative CPU', '"records":10,"wallNs":1,"cpuNs":-5', /cpuNs is -5, not a time/],
    ['latency of no object', '"records":1,"wallNs":1,"latencyNs":5', /latencyNs is 5, not an object/],
    ['half the quantiles', '"records":1,"wallNs":1,"latencyNs":{"p50":1}', /latencyNs.p90 is missing/],
    [
      'quantiles out of order',
      '"records":1,"wallNs":1,"latencyNs":{"p50":3,"p90":2,"p99":4}',
      /p50, p90 and p99 are 3, 2 and 4/,
    ],
  ];
  for (const [what, fields, message] of wrong) {
    it(`are refused with ${what}`, () => {
      assert.throws(() => parseAnswer(`{"type":"segment",${fields}}`), message);
    });
  }
});

describe('what a segment claims', () => {
  const closed = { command: { type: 'closed', durationMs: 100 }, tookNs: 110e6, processors: 2 } as const;
  const open = {
    command: { type: 'open', durationMs: 200, recordsPerSecond: 2000 },
    tookNs: 210e6,
    processors: 2,
  } as const;

  it('is taken when it can be true', () => {
    assert.equal(impossibleClaim(SEGMENT, closed), null);
    for (const records of [399, 400, 401]) {
      assert.equal(impossibleClaim({ ...SEGMENT, records, wallNs: 205e6, latencyNs: LATENCY }, open), null);
    }
  });

  it('is refused when it cannot', () => {
    const claims = [
      [{ ...SEGMENT, records: 0 }, closed, /produced nothing/],
      [{ ...SEGMENT, wallNs: 200e6 }, closed, /10 records in 200.0 ms, and its answer took 110.0 ms/],
      [{ ...SEGMENT, wallNs: 10e6 }, closed, /in 10.0 ms, and was asked to produce for 100 ms/],
      [{ ...SEGMENT, cpuNs: 400e6 }, closed, /400.0 ms of CPU time, .* on 2 processors/],
      [{ ...SEGMENT, records: 300, latencyNs: LATENCY }, open, /claims 300 records, and 400 were due/],
      [{ ...SEGMENT, records: 9000, latencyNs: LATENCY }, open, /claims 9000 records, and 400 were due/],
      [{ ...SEGMENT, records: 400 }, open, /no latencyNs/],
    ] as const;
    for (const [segment, asked, message] of claims) {
      assert.match(impossibleClaim(segment, asked) ?? 'taken', message);
    }
  });
});
