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
    ...table(check, width, paint),
    '',
    ...remarks(check).flatMap((remark) => wrapped(remark, width)),
    ...gateLines(check, width, paint),
    '',
    ...sides(check),
  ].join('\n');
}

interface Column {
  readonly name: string;
  readonly text: (metric: CheckMetric) => string;
  /** The least important go first where the terminal is narrow; 0: never. */
  readonly goes?: 1 | 2;
}

const COLUMNS: readonly Column[] = [
  { name: 'base', text: ({ base }) => figureText(base) },
  { name: 'candidate', text: ({ candidate }) => figureText(candidate) },
  { name: 'change', text: ({ change }) => signedPercentText(change) },
  {
    name: 'bounds',
    text: ({ low, high }) => `${signedPercentText(low).replace(' %', '')} to ${signedPercentText(high)}`,
  },
  { name: 'margin', text: ({ margin }) => percentText(margin), goes: 1 },
  { name: 'p', text: ({ p }) => pText(p), goes: 2 },
  { name: 'n', text: ({ sessionLogRatios }) => String(sessionLogRatios.length) },
];

/** A row per metric; the one that decides is marked and comes first. */
function table(check: CheckResult, width: number, paint: Paint): string[] {
  const { metrics } = check;
  const labels = metrics.map((metric) => labelOf(metric, metric.metric === check.metric));
  for (const gone of [0, 1, 2]) {
    const columns = COLUMNS.filter(({ goes = 3 }) => goes > gone);
    const rows = [
      columns.map(({ name }) => name),
      ...metrics.map((metric) => columns.map(({ text }) => text(metric))),
    ];
    const lines = aligned(
      rows.map((cells, index) => [index === 0 ? '  metric' : labels[index - 1]!, ...cells]),
    );
    if (gone < 2 && Math.max(...lines.map((line) => line.length)) > width) continue;
    return lines.map((line, index) => paintRow(line, index === 0 ? null : metrics[index - 1]!, check, paint));
  }
  return [];
}

function paintRow(line: string, metric: CheckMetric | null, check: CheckResult, paint: Paint): string {
  if (metric === null) return paint('dim', line);
  return metric.metric === check.metric ? paint('bold', line) : line;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join(GAP)
      .trimEnd(),
  );
}

function labelOf({ metric }: CheckMetric, isPrimary: boolean): string {
  const { label } = metricDefinition(metric);
  return `${isPrimary ? '* ' : '  '}${label}`;
}

function pText(p: number): string {
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

function remarks(check: CheckResult): string[] {
  const { title } = metricDefinition(check.metric);
  return [
    '* decides. Bounds: 99 % on either side, over all looks. p: as if this look had been the only one.',
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

/** At blanks, with what follows indented; a per cent sign stays with its number. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ (?!%)/)) {
    const isTooLong = line !== '' && line.length + 1 + word.length > width;
    if (isTooLong) lines.push(line);
    line = isTooLong ? `  ${word}` : line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
