import { figureText, percentRangeText, pText, shortPercentText, signedPercentText } from '../number-text.ts';
import { type Paint, type Painter, painter } from '../terminal/paint.ts';
import { type TextColumn, textTable } from '../terminal/text-table.ts';
import { withoutControls } from '../terminal/without-controls.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { metricDefinition } from './check-metrics.ts';
import type { CheckMetric, CheckResult, CheckVerdict } from './check-result.ts';
import { checkSentence } from './check-sentence.ts';

export interface CheckTextStyle {
  /** ANSI colours; the caller has looked at NO_COLOR and at the terminal. */
  readonly color: boolean;
  readonly columns: number;
}

const VERDICT_PAINT: Readonly<Record<CheckVerdict, Paint>> = {
  'no regression': 'green',
  improvement: 'green',
  'minor slowdown': 'yellow',
  inconclusive: 'yellow',
  regression: 'red',
};

const REST = '  ';
const MAX_COLUMNS = 110;

/** What a check says on a terminal: the verdict, the figures, what it could have seen, and what was compared. */
export function checkTerminalText(check: CheckResult, style: CheckTextStyle): string {
  const paint = painter(style.color);
  const width = Math.max(40, Math.min(style.columns, MAX_COLUMNS));
  const sentence = wrapText(checkSentence(check), width, '', REST);
  return [
    ...sentence.map((line) => paint('bold', paint(VERDICT_PAINT[check.verdict], line))),
    '',
    ...table(check, width, paint),
    '',
    ...remarks(check).flatMap((remark) => wrapText(remark, width, '', REST)),
    ...gateLines(check, width, paint),
    '',
    ...sides(check),
  ].join('\n');
}

const COLUMNS: readonly TextColumn<CheckMetric>[] = [
  column('base', ({ base }) => figureText(base), 1),
  column('candidate', ({ candidate }) => figureText(candidate), 1),
  column('change', ({ change }) => signedPercentText(change)),
  column('bounds', percentRangeText),
  column('margin', ({ margin }) => shortPercentText(margin), 3),
  column('p', ({ p }) => pText(p), 2),
  column('n', ({ sessionLogRatios }) => String(sessionLogRatios.length)),
];

function column(
  title: string,
  text: (metric: CheckMetric) => string,
  importance = 0,
): TextColumn<CheckMetric> {
  return { title, text, isNumber: true, importance };
}

/** A row per metric; the one that decides is marked and comes first. */
function table({ metric: primary, metrics }: CheckResult, width: number, paint: Painter): string[] {
  const isPrimary = ({ metric }: CheckMetric): boolean => metric === primary;
  const label: TextColumn<CheckMetric> = {
    title: '  metric',
    text: (metric) => `${isPrimary(metric) ? '* ' : '  '}${metricDefinition(metric.metric).label}`,
    isNumber: false,
    importance: 0,
  };
  const [head, ...rows] = textTable(metrics, [label, ...COLUMNS], width, '');
  return [
    paint('dim', head!),
    ...rows.map((row, index) => (isPrimary(metrics[index]!) ? paint('bold', row) : row)),
  ];
}

function remarks(check: CheckResult): string[] {
  const { title } = metricDefinition(check.metric);
  return [
    '* decides. Bounds: 99 % on either side, over all looks. p: as if this look had been the only one.',
    `What it could see: ${check.sessions} sessions with this spread find ${title} worse by ${shortPercentText(check.detectable)} in 95 of 100 checks (tolerance ${shortPercentText(check.tolerance)}, margin ${shortPercentText(check.margin)}).`,
    ...check.notes.map((note) => `Note: ${withoutControls(note)}`),
  ];
}

function gateLines({ gates }: CheckResult, width: number, paint: Painter): string[] {
  if (gates.length === 0) return [];
  const paints = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const;
  return [
    '',
    ...gates.flatMap(({ expression, verdict, message }) => {
      const [first, ...rest] = wrapText(`${verdict}  ${expression}: ${message}`, width, '', REST);
      return [first!.replace(verdict, paint(paints[verdict], verdict)), ...rest];
    }),
  ];
}

function sides({ base, candidate }: CheckResult): string[] {
  const text = ({ label, description }: CheckResult['base']): string =>
    withoutControls(description === '' || description === label ? label : `${label}  (${description})`);
  return [`Base       ${text(base)}`, `Candidate  ${text(candidate)}`];
}
