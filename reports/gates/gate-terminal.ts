import { type Paint, painter, type TerminalStyle } from '../terminal/paint.ts';
import { textTable } from '../terminal/text-table.ts';
import { withoutControls } from '../terminal/without-controls.ts';
import type { GateOutcome, GateVerdict } from './gate-outcome.ts';
import { GATE_COLUMNS, gateCells } from './gate-rows.ts';

const PAINT: Readonly<Record<GateVerdict, Paint>> = { pass: 'green', fail: 'red', inconclusive: 'yellow' };
/** Columns left out, the highest first, until the rest fits. */
const IMPORTANCE: Readonly<Partial<Record<string, number>>> = { '95 % interval': 2, level: 1 };

/** The gates as a table for the terminal, a line each; '' without gates. */
export function gateTable(outcomes: readonly GateOutcome[], { color, width }: TerminalStyle): string {
  if (outcomes.length === 0) return '';
  const paint = painter(color);
  const columns = GATE_COLUMNS.map((title, index) => ({
    title,
    text: (outcome: GateOutcome) => withoutControls(gateCells(outcome)[index]!),
    isNumber: false,
    importance: IMPORTANCE[title] ?? 0,
    paint: (cell: string, { verdict }: GateOutcome) =>
      title === 'verdict' ? paint(PAINT[verdict], cell) : cell,
  }));
  const [head, ...rows] = textTable(outcomes, columns, width);
  return [paint('bold', head!), ...rows].join('\n');
}
