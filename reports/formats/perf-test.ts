import { levelName } from '../figures/run-figures.ts';
import { levelsOf } from '../levels/levels.ts';
import type { TrialResult } from '../result.ts';
import { withoutControls } from '../terminal/without-controls.ts';
import type { Format, RunSource } from './format.ts';
import { meanRecordBytes, withLatencyPhase } from './latency-phase.ts';
import { perfTestLine } from './perf-test-line.ts';

/**
 * kafka-producer-perf-test's last line, one per trial. Its rate and its latency are of one and the same load, so here
 * they are of the phase that latency is from: the paced one, where the trial had it. With several trials, a line
 * that begins with # names each.
 */
export const perfTest: Format = {
  of: ['run'],
  render: (source) => {
    if (source.kind !== 'run') return [];
    const levels = levelsOf(source.result).all;
    const trials = levels.flatMap((level) =>
      level.trials
        .filter((trial) => trial.status === 'ok')
        .map((trial) => ({ trial, title: `# ${withoutControls(levelName(level))}, round ${trial.round}` })),
    );
    const lines = trials.flatMap(({ trial, title }) => {
      const line = lineOf(source, trial);
      if (line === null) return [];
      return trials.length === 1 ? [line] : [title, line];
    });
    return lines.length === 0 ? [] : [{ fileName: 'perf-test.txt', text: `${lines.join('\n')}\n` }];
  },
};

/** null where no latency was measured: the line has no way to say so. */
function lineOf(source: RunSource, trial: TrialResult): string | null {
  return withLatencyPhase(source, trial, ({ histogram, records, recordsPerSecond }) => {
    const { mean, max } = trial.latencyMs;
    if (histogram === null || recordsPerSecond === null || mean === null || max === null) return null;
    const bytesPerSecond = recordsPerSecond * (meanRecordBytes(trial) ?? 0);
    const megabytesPerSecond = bytesPerSecond / 2 ** 20;
    return perfTestLine(
      { records, recordsPerSecond, megabytesPerSecond, meanMs: mean, maxMs: max },
      histogram,
    );
  });
}
