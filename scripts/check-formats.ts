/**
 * `npm run check:formats`: a real run's formats, each read back by the tool that it is for, or held to the schema which
 * that tool publishes. Needs python3, go, promtool, Java 17 and Maven. One line per check; exit 1 when one failed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../core/base/random.ts';
import { renderFormat } from '../reports/formats/registry.ts';
import { MeasuredRun } from './check-formats/measured-run.ts';
import { ACTION_SHAPE, ombShape, PERF_TEST_LINE } from './check-formats/shapes.ts';
import { benchstatTool, pythonTools, runTool } from './check-formats/tools.ts';
import { findKafka, outputOfTool } from './kafka/kafka-tool.ts';

const HERE = join(import.meta.dirname, 'check-formats');
const RUNS = 30;
const STEP_AT = 18;
const STEP = 0.92;
const NOISE = 0.01;

let failed = 0;

async function check(name: string, run: () => Promise<string> | string): Promise<void> {
  const startedMs = performance.now();
  try {
    const said = await run();
    console.log(`ok      ${name}: ${said} (${Math.round(performance.now() - startedMs)} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${(error as Error).message}`);
  }
}

function hold(is: boolean, what: string): void {
  if (!is) throw new Error(what);
}

const directory = mkdtempSync(join(tmpdir(), 'tidemark-formats-'));
try {
  const run = MeasuredRun.measure(directory);
  await checkAll(run);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(failed === 0 ? 'formats: all read back' : `formats: ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function checkAll(run: MeasuredRun): Promise<void> {
  await check('otava (apache-otava from PyPI) finds the step', () => checkOtava(run));
  await check('benchstat (golang.org/x/perf) tells two commits apart', () => checkBenchstat(run));
  await check('benchstat reads both sides of a comparison', () => checkBenchstatOfTwo(run));
  await check('prometheus (promtool)', () => checkPrometheus(run));
  await check('junit (junitparser, and the schema of the Jenkins xUnit plugin)', () => checkJunit(run));
  await check('bencher (its published schema)', () => checkBencher(run));
  await check('github-action-benchmark (its own shape)', () => checkGithubAction(run));
  await check('markdown (a GFM parser)', () => checkMarkdown(run));
  await check('omb (the fields and types of TestResult, read by Jackson)', () => checkOmb(run));
  await check("perf-test (the tool's own format)", () => checkPerfTest(run));
}

/** Rows of runs under each other, as the documentation says; one of them is where it becomes slower. */
async function checkOtava(run: MeasuredRun): Promise<string> {
  const random = new SeededRandom(7);
  const rows: string[] = [];
  let configuration = '';
  for (let index = 0; index < RUNS; index++) {
    const [csv = '', yaml = ''] = await run.atSpeed('otava', {
      factor: index < STEP_AT ? 1 : STEP,
      noise: () => NOISE * (random.nextDouble() - 0.5),
      startedAt: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
      commit: `commit-${index}`,
    });
    rows.push(
      ...csv
        .trimEnd()
        .split('\n')
        .slice(index === 0 ? 0 : 1),
    );
    configuration = yaml;
  }
  writeFileSync(join(directory, 'otava.csv'), `${rows.join('\n')}\n`);
  writeFileSync(join(directory, 'otava.yaml'), configuration);
  const said = runTool(
    join(pythonTools(), 'otava'),
    ['analyze', 'formats', '--metrics', 'base.recordsPerSecond'],
    { directory, env: { OTAVA_CONFIG: join(directory, 'otava.yaml') } },
  );
  const lines = said.split('\n');
  const change = lines.findIndex((line) => /^\s+-\d+\.\d%/.test(line));
  const before = lines.slice(0, change).findLast((line) => line.includes('commit-'));
  const after = lines.slice(change).find((line) => line.includes('commit-'));
  hold(
    before?.includes(`commit-${STEP_AT - 1} `) === true,
    `no step in front of commit-${STEP_AT}:\n${said}`,
  );
  hold(after?.includes(`commit-${STEP_AT} `) === true, `no step at commit-${STEP_AT}:\n${said}`);
  return `${lines[change]!.trim()} at commit-${STEP_AT} of ${RUNS} runs`;
}

async function checkBenchstat(run: MeasuredRun): Promise<string> {
  const random = new SeededRandom(8);
  for (const [name, factor] of [
    ['old', 1],
    ['new', STEP],
  ] as const) {
    const [text = ''] = await run.atSpeed('benchstat', {
      factor,
      noise: () => NOISE * (random.nextDouble() - 0.5),
      startedAt: run.result.startedAt,
      commit: name,
    });
    writeFileSync(join(directory, `${name}.txt`), text);
  }
  const said = runTool(benchstatTool(), ['old.txt', 'new.txt'], { directory });
  const row = said.split('\n').find((line) => /^Produce\/linger\.ms=5-\d+ /.test(line));
  hold(row !== undefined && /-[78]\.\d\d% \(p=0\.00\d n=6\)/.test(row), `no difference found:\n${said}`);
  return row!.replace(/\s+/g, ' ').trim();
}

/** Both sides are one run: benchstat must see that. */
function checkBenchstatOfTwo(run: MeasuredRun): string {
  writeFileSync(join(directory, 'both.txt'), run.compareWithItself('benchstat'));
  const said = runTool(benchstatTool(), ['-col', '/side', 'both.txt'], { directory });
  const row = said.split('\n').find((line) => line.startsWith('Produce/linger.ms=0-'));
  hold(row !== undefined && /~ \(p=1\.000 n=6\)/.test(row), `not the same on both sides:\n${said}`);
  return row!.replace(/\s+/g, ' ').trim();
}

function checkPrometheus(run: MeasuredRun): string {
  const text = run.report('prometheus');
  const complaint = runTool('promtool', ['check', 'metrics'], { input: text });
  hold(complaint.trim() === '', complaint);
  return `${text.split('\n').filter((line) => /^tidemark_/.test(line)).length} series`;
}

function checkJunit(run: MeasuredRun): string {
  const python = join(pythonTools(), 'python');
  const words = [join(HERE, 'read-junit.py'), join(HERE, 'junit-10.xsd')];
  const said = runTool(python, words, { input: run.report('junit') }).trim();
  hold(/^1 2 0$/.test(said), `expected a suite of two gates that hold, got "${said}"`);
  return 'one suite, two gates, no failure';
}

function checkBencher(run: MeasuredRun): string {
  const python = join(pythonTools(), 'python');
  const said = runTool(python, [join(HERE, 'read-bencher.py')], { input: run.report('bencher') });
  const benchmarks = said.trim().split('\n');
  hold(benchmarks.join() === 'formats/base,formats/linger.ms=0', `benchmarks are ${benchmarks.join()}`);
  return benchmarks.join(', ');
}

async function checkGithubAction(run: MeasuredRun): Promise<string> {
  const files = await renderFormat('github-action-benchmark', run.source);
  hold(files.length === 2, `expected two files, got ${files.length}`);
  const counts = files.map(({ text }) => ACTION_SHAPE.parse(JSON.parse(text)).length);
  hold(run.report('github-action-benchmark') === files[0].text, 'stdout is not the first file');
  return `${counts.join(' and ')} entries`;
}

function checkMarkdown(run: MeasuredRun): string {
  const python = join(pythonTools(), 'python');
  const said = runTool(python, [join(HERE, 'read-markdown.py')], { input: run.report('markdown') }).trim();
  const [tables, rows, columns] = said.split(' ').map(Number);
  hold(tables === 2 && rows === 2 && columns! >= 4, `tables, rows and columns are ${said}`);
  return `${tables} tables, the first with ${rows} levels and ${columns} columns`;
}

async function checkOmb(run: MeasuredRun): Promise<string> {
  const files = await renderFormat('omb', run.source);
  const shape = ombShape();
  for (const { text } of files) shape.parse(JSON.parse(text));
  hold(run.report('omb') === files[0].text, 'stdout is not the base');
  const paths = files.map(({ fileName }) => join(run.directory, fileName));
  const said = await outputOfTool(await findKafka(), join(HERE, 'ReadOmb.java'), paths);
  const lines = said.trimEnd().split('\n');
  hold(lines.length === files.length && lines[0]!.startsWith('tidemark base: '), said);
  return lines.join('; ');
}

function checkPerfTest(run: MeasuredRun): string {
  const lines = run.report('perf-test').trimEnd().split('\n');
  const measured = lines.filter((line) => !line.startsWith('#'));
  for (const line of measured) hold(PERF_TEST_LINE.test(line), `not its line: ${line}`);
  hold(measured.length === run.result.trials.length, `${measured.length} lines`);
  return `${measured.length} lines`;
}
