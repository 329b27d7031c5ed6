import { gateRemarks } from '../gates/gate-rows.ts';
import { gateTable } from '../gates/gate-terminal.ts';
import { findingsOf } from '../levels/findings.ts';
import { type HistogramSource, levelsOf } from '../levels/levels.ts';
import { tableLegend } from '../levels/table-legend.ts';
import { partitionFigures } from '../partitions/partition-figures.ts';
import { publishedTable } from '../published/find-published.ts';
import type { Result } from '../result.ts';
import { terminalTable } from './level-table.ts';
import type { TerminalStyle } from './paint.ts';
import { reportTableText } from './report-table.ts';
import { wrapLines } from './wrap-text.ts';

/** What a run says at its end: the table, what its marks mean, the findings and the notes. Ends with a line feed. */
export function terminalText(result: Result, style: TerminalStyle, source?: HistogramSource): string {
  const table = levelsOf(result, source);
  const findings = findingsOf(result, table);
  const legend = tableLegend(table.all);
  const sentences = [
    ...findings.general,
    ...findings.factors.flatMap(({ sentences: own, caveats }) => [
      ...own,
      ...caveats.map((caveat) => `  ${caveat}`),
    ]),
    ...findings.grid,
  ];
  const notes = [...result.notes, ...throttleNote(result)].map((note) => `note: ${note}`);
  const gates = result.gates ?? [];
  const { color } = style;
  const width = Math.max(40, Math.min(style.width, 120));
  const paragraphs = [
    terminalTable(table, style).trimEnd(),
    wrapLines(legend, width),
    wrapLines(sentences, width),
    reportTableText(publishedTable(result, source, table), { color, width }),
    reportTableText(partitionFigures(result, table), { color, width }),
    gateTable(gates, { color, width }),
    wrapLines(gateRemarks(gates), width),
    wrapLines(notes, width),
  ];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}

/** Each trial's own is in its notes; the table has no room for them. */
function throttleNote({ trials }: Result): string[] {
  const throttled = trials.filter((trial) => (trial.delivery?.throttleTimeMs ?? 0) > 0);
  if (throttled.length === 0) return [];
  const totalMs = throttled.reduce((sum, trial) => sum + trial.delivery!.throttleTimeMs, 0);
  return [
    `the brokers throttled ${throttled.length} of ${trials.length} trials by ${totalMs} ms in all (a produce quota): those figures are the quota's`,
  ];
}
