import { withoutControls } from '../terminal/without-controls.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { MeasuredRun } from './lab-page.ts';
import type { LabResult } from './lab-result.ts';
import { adviceOfRun } from './measured-advice.ts';
import { measuredCells } from './measured-cells.ts';

const MAX_WIDTH = 120;
const MIN_WIDTH = 40;

/** What a run advises, for the terminal; empty where no partitioner was varied. Ends with a line feed. */
export function measuredAdviceText(lab: LabResult, { result, table }: MeasuredRun, columns: number): string {
  const cells = measuredCells(result, table);
  if (cells.length === 0) return '';
  const width = Math.max(MIN_WIDTH, Math.min(columns, MAX_WIDTH));
  const { advice, reasons, limits } = adviceOfRun(lab, result, cells);
  const points = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => wrapText(withoutControls(text), width, '  - '));
  const lines = [
    ...wrapText(withoutControls(advice), width),
    ...points(reasons),
    'What this does not know:',
    ...points(limits),
  ];
  return `\n${lines.join('\n')}\n`;
}
