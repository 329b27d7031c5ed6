import { requestsBehind } from '../../reports/levels/level-latency.ts';
import { shownFigures } from '../../reports/measure/latency-figures.ts';
import { countText } from '../../reports/number-text.ts';
import type { TrialResult } from '../../reports/result.ts';
import type { TrialProgress } from '../../workers/trial-progress.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { type ProgressOutput, RedrawnLine } from '../redrawn-line.ts';
import { isBaseTrial } from '../sweep/plan.ts';

export interface ProgressStart {
  readonly total: number;
  /** Trials that were finished before. */
  readonly done: number;
  /** Fewer than `total` may do. */
  readonly mayEndEarly?: boolean;
}

/** Set-up and verification beyond the phases of a trial, until the first one has shown it. */
const GUESSED_OVERHEAD_SECONDS = 0.8;

/** Tells how far a run has come: trial n of m, what is set, phase, rate, p99, time left. */
export class RunProgress {
  readonly #output: ProgressOutput;
  readonly #line: RedrawnLine;
  readonly #total: number;
  readonly #mayEndEarly: boolean;
  #done: number;
  #current: TrialSpec | null = null;
  /** Trials of this process and the seconds they took. */
  #timed = { trials: 0, seconds: 0 };

  constructor(output: ProgressOutput, { total, done, mayEndEarly = false }: ProgressStart) {
    this.#output = output;
    this.#line = new RedrawnLine(output);
    this.#total = total;
    this.#done = done;
    this.#mayEndEarly = mayEndEarly;
  }

  start(spec: TrialSpec): void {
    this.#current = spec;
    this.update({ phase: 'prepare', recordsPerSecond: null, p99Ms: null });
  }

  update(progress: TrialProgress): void {
    if (!this.#output.isTerminal || this.#current === null) return;
    const parts = [
      this.#heading(this.#done + 1, this.#current),
      progress.phase,
      ...(progress.recordsPerSecond === null ? [] : [rateText(progress.recordsPerSecond)]),
      ...(progress.p99Ms === null ? [] : [`p99 ${msText(progress.p99Ms)}`]),
      this.#leftText(this.#current),
    ];
    this.#line.draw(parts.join('  '));
  }

  finish(spec: TrialSpec, result: TrialResult): void {
    this.#done++;
    this.#timed = { trials: this.#timed.trials + 1, seconds: this.#timed.seconds + result.elapsedSeconds };
    this.#current = null;
    const { recordsPerSecond } = result.throughput;
    const parts = [
      this.#heading(this.#done, spec),
      ...(recordsPerSecond === null ? [] : [rateText(recordsPerSecond)]),
      ...quantileText(result),
      ...(result.pacedRate === null ? [] : [`at ${rateText(result.pacedRate)}`]),
      result.status === 'ok' ? 'ok' : `FAILED: ${result.error}`,
      ...(this.#done === this.#total ? [] : [this.#leftText(spec)]),
    ];
    // On a terminal only what went wrong stays; the rest is in the final table.
    if (this.#output.isTerminal && result.status === 'ok') return;
    this.line(parts.join('  '));
  }

  /** A line that stays. */
  line(text: string): void {
    this.#line.keep(text);
  }

  clear(): void {
    this.#line.clear();
  }

  #heading(number: number, spec: TrialSpec): string {
    const width = String(this.#total).length;
    return `[${String(number).padStart(width)}/${this.#total}] ${settingText(spec)}`;
  }

  #leftText(spec: TrialSpec): string {
    return `${this.#mayEndEarly ? 'at most ' : ''}${durationText(this.#secondsLeft(spec))} left`;
  }

  #secondsLeft({ load }: TrialSpec): number {
    const guess = (load.warmupMs + load.saturatedMs + load.pacedMs) / 1000 + GUESSED_OVERHEAD_SECONDS;
    const perTrial = this.#timed.trials === 0 ? guess : this.#timed.seconds / this.#timed.trials;
    return perTrial * (this.#total - this.#done);
  }
}

function settingText(spec: TrialSpec): string {
  if (isBaseTrial(spec)) return 'base';
  return spec.factor === null ? spec.id : `${spec.factor}=${spec.level}`;
}

/** The outermost percentile that the trial has enough requests for. */
function quantileText(result: TrialResult): string[] {
  const figures = shownFigures(result.latencyMs, requestsBehind(result));
  const key = (['p99', 'p95', 'p50'] as const).find((one) => figures[one] !== null);
  return key === undefined ? [] : [`${key} ${msText(figures[key]!)}`];
}

function rateText(recordsPerSecond: number): string {
  return `${countText(recordsPerSecond)} records/s`;
}

function msText(milliseconds: number): string {
  return `${milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds.toPrecision(3)} ms`;
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
