import type { GateOutcome, GateVerdict } from './gate-outcome.ts';
import { GATE_COLUMNS, gateCells } from './gate-rows.ts';

const GAP = '  ';
const PAINT: Readonly<Record<GateVerdict, number>> = { pass: 32, fail: 31, inconclusive: 33 };
const BOLD = 1;
/** Columns left out, the first first, until the rest fits. */
const DROPPED = ['95 % interval', 'level'];

/** The gates as a table for the terminal, a line each; '' without gates. */
export function gateTable(
  outcomes: readonly GateOutcome[],
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  if (outcomes.length === 0) return '';
  let columns = GATE_COLUMNS.map((name, index) => {
    const cells = outcomes.map((outcome) => clean(gateCells(outcome)[index]!));
    return { name: name as string, cells, width: Math.max(name.length, ...cells.map((cell) => cell.length)) };
  });
  for (const dropped of DROPPED) {
    const total = columns.reduce((sum, column) => sum + column.width + GAP.length, 0);
    if (total > width) columns = columns.filter(({ name }) => name !== dropped);
  }
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const line = (cellOf: (column: (typeof columns)[number]) => string): string[] =>
    columns.map((column) => cellOf(column).padEnd(column.width));
  const head = paint(BOLD, `${GAP}${line((column) => column.name).join(GAP)}`.trimEnd());
  const rows = outcomes.map((outcome, index) => {
    const [verdict, ...rest] = line((column) => column.cells[index]!);
    return `${GAP}${paint(PAINT[outcome.verdict], verdict!)}${GAP}${rest.join(GAP)}`.trimEnd();
  });
  return [head, ...rows].join('\n');
}

/** Control characters of what users wrote never reach the terminal. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
