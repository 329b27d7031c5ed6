import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatSource } from '../../reports/formats/format.ts';
import type { FormatName } from '../../reports/formats/format-names.ts';
import { runSource } from '../../reports/formats/format-sources.ts';
import { renderFormat } from '../../reports/formats/registry.ts';
import type { Result, TrialResult } from '../../reports/result.ts';
import { readResult } from '../../reports/result-schema.ts';
import { runTool } from './tools.ts';

const SUITE = `description: two levels, for the check of formats
topic: { name: formats, partitions: 6 }
load: { warmup: 100ms, saturated: 200ms, paced: 400ms }
factors:
  linger.ms: [5, 0]
repeats: 6
baseRepeats: 6
gates: ["lost==0", "p(50)<10s"]
`;

/** A real run, once: every format is rendered from it, or from what it would have been at another speed. */
export class MeasuredRun {
  readonly directory: string;
  readonly result: Result;

  private constructor(directory: string) {
    this.directory = directory;
    this.result = readResult(directory);
  }

  static measure(parent: string): MeasuredRun {
    writeFileSync(join(parent, 'formats.yaml'), SUITE);
    const directory = join(parent, 'run');
    const main = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
    const words = ['run', join(parent, 'formats.yaml'), '--out', directory, '--quiet', '--json'];
    runTool(process.execPath, [main, ...words], { directory: parent });
    return new MeasuredRun(directory);
  }

  get source(): FormatSource {
    return runSource(this.result, this.directory);
  }

  /** What `report DIR --format NAME` prints, run as users do. */
  report(format: FormatName): string {
    const main = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
    return runTool(process.execPath, [main, 'report', this.directory, '--format', format]);
  }

  /** What `compare DIR DIR --format NAME` prints. */
  compareWithItself(format: FormatName): string {
    const main = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');
    return runTool(process.execPath, [main, 'compare', this.directory, this.directory, '--format', format]);
  }

  /** The format of a run as fast as `factor` says, at another commit; trial by trial `noise` more. */
  async atSpeed(format: FormatName, change: SpeedChange): Promise<readonly string[]> {
    const trials = this.result.trials.map((trial) => faster(trial, change.factor * (1 + change.noise())));
    const { startedAt, commit } = change;
    const result = { ...this.result, trials, startedAt, project: { commit, branch: 'main' } };
    const files = await renderFormat(format, runSource(result, this.directory));
    return files.map(({ text }) => text);
  }
}

export interface SpeedChange {
  readonly factor: number;
  readonly noise: () => number;
  readonly startedAt: string;
  readonly commit: string;
}

/** All trials become alike but for the factor: a step must not drown in what this machine did just then. */
function faster(trial: TrialResult, factor: number): TrialResult {
  const recordsPerSecond = 100_000 * factor;
  const throughput = { ...trial.throughput, recordsPerSecond, megabytesPerSecond: recordsPerSecond / 4000 };
  return { ...trial, throughput, cpuNsPerRecord: 2000 / factor };
}
