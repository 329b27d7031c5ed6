import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import type { Result } from '../../reports/result.ts';
import { histogramsInDirectory, writeTrialHistograms } from '../../reports/trial-histograms.ts';
import { renderReportsFromDirectory, writeReports } from '../../reports/write-reports.ts';
import { quickFixture, withTrial } from './result-fixture.ts';

const REPORTS = ['report.html', 'report.md', 'summary.csv'];

function emptyDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'tidemark-reports-'));
}

/** A run directory as a run leaves it: histograms written trial by trial, then the reports. */
async function runDirectory(): Promise<{ directory: string; result: Result }> {
  const { result, histograms } = quickFixture({ records: 500 });
  const directory = emptyDirectory();
  const trials = result.trials.map((trial) => ({
    ...trial,
    histograms: writeTrialHistograms(directory, {
      trialId: trial.id,
      histogram: histograms.get(trial.id)!,
      intervals: [],
      startTimeMs: Date.parse(trial.startedAt),
      durationSeconds: trial.durationSeconds,
    }),
  }));
  const withNames = { ...result, trials };
  await writeReports(directory, withNames, histograms);
  return { directory, result: withNames };
}

function contents(directory: string, names: readonly string[]): string[] {
  return names.map((name) => readFileSync(join(directory, name), 'utf8'));
}

test('a run directory holds every report and two histogram files per trial, and no temporary file', async () => {
  const { directory, result } = await runDirectory();
  assert.deepEqual(readdirSync(directory).sort(), [...REPORTS, 'result.json', 'trials'].sort());
  assert.equal(readdirSync(join(directory, 'trials')).length, 2 * result.trials.length);
  assert.deepEqual(JSON.parse(readFileSync(join(directory, 'result.json'), 'utf8')), result);
});

test('every report is made again from result.json and the .hlog files, byte for byte', async () => {
  const { directory, result } = await runDirectory();
  const names = [...REPORTS, result.trials[0]!.histograms!.hgrm];
  const before = contents(directory, names);
  for (const name of names) rmSync(join(directory, name), { force: true });
  assert.deepEqual(await renderReportsFromDirectory(directory), result);
  for (const [index, content] of contents(directory, names).entries()) {
    assert.ok(content === before[index], `${names[index]} came out differently`);
  }
});

test('without .hlog files the figures of the result are enough', async () => {
  const { directory } = await runDirectory();
  rmSync(join(directory, 'trials'), { recursive: true });
  await renderReportsFromDirectory(directory);
  assert.ok(readFileSync(join(directory, 'report.md'), 'utf8').includes('middle repeat'));
});

test('a result that names files outside its directory does not get them read', () => {
  const directory = emptyDirectory();
  const { result } = quickFixture({ records: 10 });
  writeFileSync(join(directory, 'outside.hlog'), 'not a log, but there');
  const odd = withTrial(result, 'r1-base-1', (trial) => ({
    ...trial,
    histograms: { hgrm: '../a.hgrm', hlog: '../outside.hlog' },
  }));
  mkdirSync(join(directory, 'run'));
  assert.equal(histogramsInDirectory(join(directory, 'run'))(odd.trials[0]!), null);
});

test('a damaged .hlog is named', async () => {
  const { directory, result } = await runDirectory();
  const { hlog } = result.trials[0]!.histograms!;
  const text = readFileSync(join(directory, hlog), 'utf8');
  writeFileSync(join(directory, hlog), text.slice(0, -200));
  await assert.rejects(renderReportsFromDirectory(directory), /r1-base-1\.hlog: not a readable \.hlog/);
});

test('a file that cannot be written is named with the reason, and what stood there stays', async () => {
  const { directory, result } = await runDirectory();
  const blocked = join(directory, 'summary.csv');
  rmSync(blocked);
  mkdirSync(blocked);
  await assert.rejects(writeReports(directory, result), (error: Error) =>
    error.message.startsWith(`cannot write ${blocked}: `),
  );
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('a full disk is called one', (context) => {
  // A file in a directory of a full file system: /dev/full answers every write with ENOSPC.
  const directory = emptyDirectory();
  const target = join(directory, 'report.md');
  execFileSync('ln', ['-s', '/dev/full', `${target}.${process.pid}.tmp`]);
  assert.throws(() => writeFileAtomically(target, 'text'), {
    kind: 'STORAGE',
    message: `cannot write ${target}: the disk is full (ENOSPC)`,
  });
  assert.deepEqual(readdirSync(directory), []);
  context.diagnostic('through /dev/full');
});

test('a trial without latencies has no histogram files', () => {
  const directory = emptyDirectory();
  const latency = { trialId: 'x', histogram: null, intervals: [], startTimeMs: 0, durationSeconds: 1 };
  assert.equal(writeTrialHistograms(directory, latency), null);
  assert.deepEqual(readdirSync(directory), []);
});
