import { withoutControls } from '../formats/terminal-table.ts';
import { figureText } from '../number-text.ts';
import { metricDefinition } from './check-metrics.ts';
import type { CheckMetric, CheckResult, CheckVerdict } from './check-result.ts';
import { checkSentence, percentText, signedPercentText } from './check-sentence.ts';

export interface CheckTextStyle {
  /** ANSI colours; the caller has looked at NO_COLOR and at the terminal. */
  readonly color: boolean;
  readonly columns: number;
}

const ANSI = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;
type Paint = (paint: keyof typeof ANSI, text: string) => string;

const VERDICT_PAINT: Readonly<Record<CheckVerdict, keyof typeof ANSI>> = {
  'no regression': 'green',
  improvement: 'green',
  'minor slowdown': 'yellow',
  inconclusive: 'yellow',
  regression: 'red',
};

const GAP = '  ';
const MAX_COLUMNS = 110;

/** What a check says on a terminal: the verdict, the figures, what it could have seen, and what was compared. */
export function checkTerminalText(check: CheckResult, style: CheckTextStyle): string {
  const paint: Paint = (name, text) => (style.color ? `\u001b[${ANSI[name]}m${text}\u001b[0m` : text);
  const width = Math.max(40, Math.min(style.columns, MAX_COLUMNS));
  const sentence = wrapped(checkSentence(check), width);
  return [
    ...sentence.map((line) => paint('bold', paint(VERDICT_PAINT[check.verdict], line))),
    '',
    ...table(check, paint),
    '',
    ...remarks(check).flatMap((remark) => wrapped(remark, width)),
    ...gateLines(check, width, paint),
    '',
    ...sides(check),
  ].join('\n');
}

const COLUMNS = ['metric', 'base', 'candidate', 'change', 'bounds', 'margin', 'p', 'n'] as const;

function table(check: CheckResult, paint: Paint): string[] {
  const rows = check.metrics.map((metric) => cellsOf(metric, metric.metric === check.metric));
  const widths = COLUMNS.map((name, index) =>
    Math.max(name.length, ...rows.map((cells) => cells[index]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!)))
      .join(GAP)
      .trimEnd();
  const lines = rows.map((cells, index) =>
    check.metrics[index]!.metric === check.metric ? paint('bold', line(cells)) : line(cells),
  );
  return [paint('dim', line(COLUMNS)), ...lines];
}

function cellsOf(metric: CheckMetric, isPrimary: boolean): string[] {
  const { title, unit } = metricDefinition(metric.metric);
  return [
    `${isPrimary ? '* ' : '  '}${title} (${unit})`,
    figureText(metric.base),
    figureText(metric.candidate),
    signedPercentText(metric.change),
    `${signedPercentText(metric.low)} to ${signedPercentText(metric.high)}`,
    percentText(metric.margin),
    pText(metric.p),
    String(metric.sessionLogRatios.length),
  ];
}

function pText(p: number): string {
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

function remarks(check: CheckResult): string[] {
  const { title } = metricDefinition(check.metric);
  return [
    `* decides. Bounds: 99 % on either side, over all looks at the growing number of sessions. p: this look by itself.`,
    `What it could see: ${check.sessions} sessions with this spread find ${title} worse by ${percentText(check.detectable)} in 95 of 100 checks (tolerance ${percentText(check.tolerance)}, margin ${percentText(check.margin)}).`,
    ...check.notes.map((note) => `Note: ${withoutControls(note)}`),
  ];
}

function gateLines({ gates }: CheckResult, width: number, paint: Paint): string[] {
  if (gates.length === 0) return [];
  const paints = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const;
  return [
    '',
    ...gates.flatMap(({ expression, verdict, message }) => {
      const [first, ...rest] = wrapped(`${verdict}  ${expression}: ${message}`, width);
      return [first!.replace(verdict, paint(paints[verdict], verdict)), ...rest];
    }),
  ];
}

function sides({ base, candidate }: CheckResult): string[] {
  const text = ({ label, description }: CheckResult['base']): string =>
    withoutControls(description === '' || description === label ? label : `${label}  (${description})`);
  return [`Base       ${text(base)}`, `Candidate  ${text(candidate)}`];
}

/** At blanks, with what follows indented. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    // A per cent sign stays with its number.
    const isTooLong = line !== '' && line.length + 1 + word.length > width && word !== '%';
    if (isTooLong) lines.push(line);
    line = isTooLong ? `  ${word}` : line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
