import type { CheckResult } from '../check/check-result.ts';
import { checkSentence } from '../check/check-sentence.ts';
import type { Comparison, ComparisonRow } from '../compare/comparison.ts';
import { changeText } from '../number-text.ts';
import type { Environment } from '../result.ts';
import { oneLine, oneLineOrNull } from '../terminal/without-controls.ts';
import type { Figure, FigureSet } from './figures.ts';
import { isMetricName, METRICS, versusBaseName } from './metrics.ts';

export { figureSetOfRun } from './run-figures.ts';

/** The state of the project measured. */
export interface ProjectState {
  readonly commit: string | null;
  readonly branch: string | null;
}

const NO_PROJECT: ProjectState = { commit: null, branch: null };

/**
 * A check's figures: of each metric the candidate over the base, with the check's own bounds and one value per
 * session, then the medians of both sides, which have no interval of their own. Commit and branch are the candidate's.
 */
export function figureSetOfCheck(check: CheckResult): FigureSet {
  const { commit, branch } = check.candidateCommit ?? NO_PROJECT;
  return {
    kind: 'check',
    name: oneLine(`${check.candidate.label} against ${check.base.label}`),
    at: check.startedAt,
    environment: check.environment,
    commit: oneLineOrNull(commit),
    branch: oneLineOrNull(branch),
    intervals: '99 % bounds on either side, over all looks',
    legend: [],
    figures: check.metrics.flatMap((metric) => [
      ...ratioFigure(
        { ...metric, level: null, change: metric.change },
        metric.sessionLogRatios.map((logRatio) => Math.exp(logRatio)),
      ),
      ...sideFigures({ ...metric, level: null }),
    ]),
    levels: [],
    gates: check.gates,
    failures: [],
    verdict: checkSentence(check),
    notes: check.notes,
  };
}

export interface ComparisonContext {
  /** ISO 8601. */
  readonly at: string;
  readonly environment: Environment | null;
  readonly project?: ProjectState;
  /** The sides' own figures, which have the trials' values and intervals; without them a side is one value. */
  readonly sides?: ComparedSides;
}

export interface ComparedSides {
  readonly base: readonly Figure[];
  readonly candidate: readonly Figure[];
}

/** A comparison's figures: of each row the candidate over the base, then both sides. */
export function figureSetOfComparison(comparison: Comparison, context: ComparisonContext): FigureSet {
  const rows = comparison.rows.map((row) => ({ ...row, level: oneLineOrNull(row.level) }));
  const differing = rows.filter((row) => row.significant).length;
  return {
    kind: 'comparison',
    name: oneLine(`${comparison.candidate} against ${comparison.base}`),
    at: context.at,
    environment: context.environment,
    ...(context.project ?? NO_PROJECT),
    intervals: '95 % intervals',
    legend: [],
    figures: rows.flatMap((row) => [...ratioFigure(row, []), ...sideFigures(row, context.sides)]),
    levels: [],
    gates: [],
    failures: [],
    verdict: `${differing} of ${rows.length} figures differ significantly`,
    notes: comparison.notes,
  };
}

type Row = Pick<ComparisonRow, 'metric' | 'level' | 'base' | 'candidate' | 'change' | 'low' | 'high'>;

function ratioFigure(row: Row, samples: readonly number[]): Figure[] {
  if (row.change === null) return [];
  return [
    {
      level: row.level,
      settings: settingsOfLevel(row.level),
      metric: versusBaseName(row.metric),
      unit: 'ratio',
      direction: traitsOf(row.metric).direction,
      value: 1 + row.change,
      low: row.low === null ? null : 1 + row.low,
      high: row.high === null ? null : 1 + row.high,
      samples,
      isLike: false,
      remark: changeText(1 + row.change),
    },
  ];
}

function sideFigures(row: Row, sides?: ComparedSides): Figure[] {
  return (['base', 'candidate'] as const).flatMap((side) => {
    const value = row[side];
    if (value === null) return [];
    const own = sides?.[side].find(({ metric, level }) => metric === row.metric && level === row.level);
    return [
      {
        level: row.level === null ? side : `${row.level} ${side}`,
        settings: [...settingsOfLevel(row.level), { property: 'side', value: side }],
        metric: row.metric,
        ...unitAndDirection(row.metric),
        value,
        low: own?.low ?? null,
        high: own?.high ?? null,
        samples: own?.samples ?? [value],
        isLike: false,
        remark: own?.remark ?? null,
      },
    ];
  });
}

function traitsOf(metric: string): (typeof METRICS)[keyof typeof METRICS] {
  return isMetricName(metric) ? METRICS[metric] : METRICS.compressionRatio;
}

function unitAndDirection(metric: string): Pick<Figure, 'unit' | 'direction'> {
  const { unit, direction } = traitsOf(metric);
  return { unit, direction };
}

/** `linger.ms=5` and `batch.size=1024 linger.ms=5` to their settings; a name that is none (`base`) stands for itself. */
export function settingsOfLevel(level: string | null): Figure['settings'] {
  if (level === null) return [];
  return level.split(' ').map((word) => {
    const [property = '', ...rest] = word.split('=');
    return rest.length === 0 ? { property: 'level', value: word } : { property, value: rest.join('=') };
  });
}
