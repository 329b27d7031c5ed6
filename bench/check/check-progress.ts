import { metricDefinition } from '../../reports/check/check-metrics.ts';
import type { CheckMetricName } from '../../reports/check/check-result.ts';
import { estimateChange } from '../../reports/check/decide.ts';
import type { Look } from '../../reports/check/looks.ts';
import { logRatiosOf } from '../../reports/check/summarize-sessions.ts';
import { shortPercentText, signedPercentText } from '../../reports/number-text.ts';
import type { SessionResult } from '../duet/session.ts';
import { type ProgressOutput, RedrawnLine } from '../redrawn-line.ts';

/** Tells how far a check has come: a terminal is redrawn, anything else gets a line per session. */
export class CheckProgress {
  readonly #output: ProgressOutput;
  readonly #line: RedrawnLine;
  readonly #metric: CheckMetricName;
  readonly #looks: readonly Look[];

  constructor(output: ProgressOutput, metric: CheckMetricName, looks: readonly Look[]) {
    this.#output = output;
    this.#line = new RedrawnLine(output);
    this.#metric = metric;
    this.#looks = looks;
  }

  /** Before session `number`, from 0. */
  start(number: number): void {
    if (number === 0) this.#line.draw(`session 1, first look after ${this.#looks[0]!.sessions}`);
  }

  finish(sessions: readonly SessionResult[]): void {
    const last = sessions.at(-1)!;
    const logRatio = last.logRatios[this.#metric];
    const next = this.#looks.find((look) => look.sessions > sessions.length);
    const parts = [
      `session ${sessions.length}`,
      ...(logRatio === null
        ? []
        : [`${metricDefinition(this.#metric).title} ${signedPercentText(Math.expm1(logRatio))}`]),
      `${last.seconds.toFixed(1)} s`,
      ...this.#lookText(sessions),
      ...(next === undefined ? [] : [`next look at ${next.sessions}`]),
    ];
    if (this.#output.isTerminal) this.#line.draw(parts.join('  '));
    else this.line(parts.join('  '));
  }

  /** A line that stays. */
  line(text: string): void {
    this.#line.keep(text);
  }

  clear(): void {
    this.#line.clear();
  }

  /** What the last look saw; it stays shown until the next one. */
  #lookText(sessions: readonly SessionResult[]): string[] {
    const look = this.#looks.findLast((each) => each.sessions <= sessions.length);
    const logRatios = logRatiosOf(sessions.slice(0, look?.sessions), this.#metric);
    if (look === undefined || logRatios === null) return [];
    const { change, low, high } = estimateChange(logRatios, look.c);
    return [
      `look at ${look.sessions}: ${signedPercentText(change)} (${signedPercentText(low)} to ${signedPercentText(high)})`,
    ];
  }
}

/** What a check is about, for its first line. */
export function headingText(
  { base, candidate }: Readonly<Record<'base' | 'candidate', { readonly label: string }>>,
  {
    metric,
    margin,
    where,
  }: { readonly metric: CheckMetricName; readonly margin: number; readonly where: string },
): string {
  const { title } = metricDefinition(metric);
  return `check: ${candidate.label} against ${base.label} on ${where}; ${title} decides, margin ${shortPercentText(margin)}`;
}
