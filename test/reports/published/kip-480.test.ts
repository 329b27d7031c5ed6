import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { publishedTable } from '../../../reports/published/find-published.ts';
import type { Result } from '../../../reports/result.ts';
import { type InventedTrial, inRounds, inventedResult } from './experiments.ts';

const FACTORS = [
  { property: 'partitioner.class', levels: ['round-robin', 'sticky'] },
  { property: 'partitions', levels: ['16', '64'] },
  { property: 'linger.ms', levels: ['0', '1000'] },
];

function pair(
  partitions: number,
  lingerMs: number,
  [roundRobin, sticky]: readonly [Partial<InventedTrial>, Partial<InventedTrial>],
): InventedTrial[] {
  return [
    { name: 'round-robin', figures: { batchBytes: 400, requestsPerRecord: 0.02, ...roundRobin } },
    { name: 'sticky', figures: { batchBytes: 12_000, requestsPerRecord: 0.01, ...sticky } },
  ].map(({ name, figures }) => {
    const producer = { 'partitioner.class': name, 'linger.ms': String(lingerMs) };
    return { producer, partitions, rate: lingerMs === 0 ? 200_000 : 1000, mean: 2, p99: 10, ...figures };
  });
}

function measured(
  busy: readonly [Partial<InventedTrial>, Partial<InventedTrial>] = [{ p99: 10 }, { p99: 4 }],
  rounds = 1,
): Result {
  const trials = [
    ...pair(16, 0, busy),
    ...pair(64, 0, [{ p99: 30 }, { p99: 5 }]),
    ...pair(16, 1000, [
      { mean: 500, p99: null },
      { mean: 100, p99: null },
    ]),
  ];
  return inventedResult('kip-480', rounds === 1 ? trials : inRounds(trials, rounds), FACTORS);
}

function sentences(result: Result): string {
  return publishedTable(result)!.sentences.join('\n');
}

describe("KIP-480's figures beside a run's", () => {
  it('set sticky against round-robin at each count of partitions, and by the mean where batches linger', () => {
    const { rows, columns } = publishedTable(measured())!;
    assert.deepEqual(
      rows.map((row) => row.slice(0, 8)),
      [
        ['16', '0', '200,000', '10.0', '4.00', 'p99', '0.400', 'about 0.5'],
        ['64', '0', '200,000', '30.0', '5.00', 'p99', '0.167', 'less than at 16'],
        ['16', '1,000', '1,000', '500', '100', 'mean', '0.200', 'p99 0.2'],
      ],
    );
    assert.deepEqual(rows[0]!.slice(8), ['400', '12,000', '20.0', '10.0']);
    for (const row of rows) assert.equal(row.length, columns.length);
  });

  it('reproduce where every claim holds, and name the conditions that differ', () => {
    const text = sentences(measured(undefined, 3));
    assert.match(
      text,
      /^Reproduced: sticky's p99 is below round-robin's under load \(0\.40\d times \(0\.3\d+ to 0\.4\d+\) at 16, 0\.16\d times \(/,
    );
    assert.match(
      text,
      /replication factor 1 and one producer on embedded brokers; there replication factor 3/,
    );
    assert.doesNotMatch(text, /Seen|Not reproduced|Not measured/);
    assert.match(sentences(measured()), /^Seen in one round, which decides nothing: sticky's p99 is below/);
  });

  it('say what did not', () => {
    assert.match(sentences(measured([{ p99: 4 }, { p99: 5 }])), /Not reproduced: sticky's p99 is below/);
    assert.match(
      sentences(measured([{ batchBytes: 99_999 }, { p99: 4 }])),
      /Not reproduced: sticky makes larger batches/,
    );
    assert.match(
      sentences(measured([{ requestsPerRecord: 0.001 }, { p99: 4 }])),
      /Not reproduced: sticky makes fewer requests/,
    );
    assert.match(
      sentences(measured([{ p99: 40 }, { p99: 5 }])),
      /Not reproduced: round-robin's p99 grows faster/,
    );
  });

  it('leave open what the rounds do not hold clear of the claim', () => {
    assert.match(
      sentences(measured([{ p99: 10 }, { p99: 9.95 }], 3)),
      /Seen, but within the noise of these rounds: sticky's p99 is below/,
    );
  });

  it('leave out what has no partner', () => {
    const result = measured();
    const alone = { ...result, trials: result.trials.slice(0, 1) };
    assert.deepEqual(publishedTable(alone)!.rows, []);
    assert.match(sentences(alone), /^Not measured: /);
  });
});
