import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { historyEntryOf, seriesKey } from '../../../reports/history/history-entry.ts';
import { entryLine, HistoryFileError, parseHistory } from '../../../reports/history/parse-history.ts';
import { CONTEXT, invented, inventedEntries } from './history-fixture.ts';

const entries = inventedEntries([{ checks: 4, change: 0 }]);
const lines = entries.map(entryLine);

function problemOf(text: string): string {
  try {
    parseHistory(text, 'h.ndjson');
  } catch (error) {
    assert.ok(error instanceof HistoryFileError);
    return error.message;
  }
  assert.fail('read without a complaint');
}

describe('a line of a history', () => {
  it('comes back as it was written', () => {
    assert.deepEqual(parseHistory(lines.join(''), 'h.ndjson'), entries);
  });

  it('has ratios to the reference, with the bounds of the check', () => {
    const entry = historyEntryOf(invented(0.03), CONTEXT);
    assert.deepEqual([entry.ratio, entry.low, entry.high], [1.03, 1.013, 1.047]);
    assert.equal(entry.direction, 'lower is better');
    assert.equal(
      historyEntryOf(invented(0, { metric: 'recordsPerSecond' }), CONTEXT).direction,
      'higher is better',
    );
  });

  it('is in UTC, so that the order of texts is the order of times', () => {
    const entry = historyEntryOf(invented(0, { startedAt: '2026-01-01T03:12:00.000+02:00' }), CONTEXT);
    assert.equal(entry.at, '2026-01-01T01:12:00.000Z');
  });

  it('has the same id in every copy, and another for another check', () => {
    assert.equal(historyEntryOf(invented(0), CONTEXT).id, historyEntryOf(invented(0), CONTEXT).id);
    const others = [
      historyEntryOf(invented(0.001), CONTEXT),
      historyEntryOf(invented(0, { startedAt: '2026-01-01T03:12:01.000Z' }), CONTEXT),
      historyEntryOf(invented(0), { ...CONTEXT, commit: null }),
      historyEntryOf(invented(0), { ...CONTEXT, scenario: 'other' }),
    ];
    assert.equal(new Set([...others, historyEntryOf(invented(0), CONTEXT)].map(({ id }) => id)).size, 5);
  });

  it('belongs to a series by scenario, metric, load and what the reference was, and not by the machine', () => {
    const key = seriesKey(historyEntryOf(invented(0), CONTEXT));
    const keyOf = (...args: Parameters<typeof historyEntryOf>): string => seriesKey(historyEntryOf(...args));
    const { environment } = invented(0);
    assert.equal(keyOf(invented(0, { environment: { ...environment, cpu: 'other' } }), CONTEXT), key);
    assert.equal(keyOf(invented(0), { ...CONTEXT, load: { recordSizeBytes: 1024, partitions: 12 } }), key);
    const moved = { label: 'git:v1.2.0', description: 'commit 77777777' };
    assert.notEqual(keyOf(invented(0, { base: moved }), CONTEXT), key);
    assert.notEqual(keyOf(invented(0, { metric: 'latencyP99Ms' }), CONTEXT), key);
    assert.notEqual(keyOf(invented(0), { ...CONTEXT, scenario: 'other' }), key);
    assert.notEqual(keyOf(invented(0), { ...CONTEXT, load: { partitions: 6 } }), key);
  });
});

describe('a history file', () => {
  it('is in order of time whatever the order of its lines', () => {
    assert.deepEqual(parseHistory(lines.toReversed().join(''), 'h.ndjson'), entries);
  });

  it('has a line once that a merge of two branches left twice', () => {
    assert.deepEqual(parseHistory([...lines, ...lines].join(''), 'h.ndjson'), entries);
  });

  it('may have empty lines, the ends of lines of Windows, and no end of its last line', () => {
    assert.deepEqual(
      parseHistory(`\r\n${lines.join('\n').replaceAll('\n', '\r\n').trimEnd()}`, 'h'),
      entries,
    );
  });

  it('may have fields that a later version adds', () => {
    const later = JSON.stringify({ ...entries[0], weather: 'fine' });
    assert.equal(parseHistory(later, 'h')[0]?.id, entries[0]?.id);
  });

  it('with a conflict marker names each marker and the way out', () => {
    const text = `${lines[0]}<<<<<<< HEAD\n${lines[1]}||||||| 0a1b2c3\n=======\n${lines[2]}>>>>>>> feature\n`;
    const problem = problemOf(text);
    assert.match(problem, /^h\.ndjson:2: a conflict marker of git \(<<<<<<< HEAD\)/);
    assert.match(problem, /Delete the marker lines 2, 4, 5 and 7 and keep every other line/);
    assert.match(problem, /h\.ndjson merge=union/);
  });

  it('gives commands that a shell takes as they stand, whatever the name of the file', () => {
    const conflicted = '<<<<<<< HEAD\n{}\n=======\r\n';
    assert.throws(() => parseHistory(conflicted, "a b'c;x"), /\/d' 'a b'\\''c;x'\n/);
    assert.throws(() => parseHistory(conflicted, "a b'c;x"), /echo '"a b'\\''c;x" merge=union' >> /);
    const sed = /sed -i -E '(.*)' h/.exec(problemOf(conflicted))![1]!;
    assert.equal(spawnSync('sed', ['-E', sed], { input: conflicted, encoding: 'utf8' }).stdout, '{}\n');
  });

  it('names every kind of marker alone', () => {
    for (const marker of ['<<<<<<< ours', '=======', '>>>>>>> theirs', '||||||| base', '=======\r']) {
      assert.match(problemOf(`${lines[0]}${marker}\n${lines[1]}`), /^h\.ndjson:2: a conflict marker/, marker);
    }
  });

  it('with damaged lines names each by its number, and not all of very many', () => {
    assert.match(problemOf(`${lines[0]}${lines[1]!.slice(0, 70)}\n${lines[2]}`), /^h\.ndjson:2: no JSON/);
    assert.match(problemOf('{}\n'.repeat(9)), /^h\.ndjson:1: .*\n(.*\n){4}and 4 more such lines$/);
  });

  it('of another schema says so', () => {
    const newer = JSON.stringify({ ...entries[0], schema: 'tidemark.history/2' });
    assert.match(problemOf(newer), /^h\.ndjson:1: the schema is tidemark\.history\/2.*newer/);
    assert.match(problemOf('{"schema":"tidemark.result/1"}'), /no line of a history/);
    assert.match(problemOf('[1]'), /^h\.ndjson:1: /);
    assert.match(problemOf('null'), /^h\.ndjson:1: /);
  });

  it('takes lines of other makers: without an id, or many with one and the same', () => {
    const made = entries.map((entry) => JSON.stringify({ ...entry, id: undefined }));
    assert.deepEqual(parseHistory(`\uFEFF${made.join('\n')}`, 'h'), entries);
    const copied = entries.map((entry) => JSON.stringify({ ...entry, id: 'copied' }));
    assert.equal(parseHistory([...copied, ...copied].join('\n'), 'h').length, entries.length);
  });

  it('hands nothing of a damaged line to a terminal but plain letters', () => {
    assert.ok(!problemOf('\u001b[31mred\u001b[0m').includes('\u001b'));
  });
});
