import type { GateOutcome, GateVerdict } from '../gates/gate-outcome.ts';
import { GATE_COLUMNS, gateCells, gateRemarks } from '../gates/gate-rows.ts';
import { html, type SafeHtml } from './escape.ts';

const CLASSES: Readonly<Record<GateVerdict, string>> = { pass: 'good', fail: 'bad', inconclusive: 'like' };

/** What became of the gates; null without any. */
export function gateSection(outcomes: readonly GateOutcome[]): SafeHtml | null {
  if (outcomes.length === 0) return null;
  const remarks = gateRemarks(outcomes);
  const said =
    remarks.length === 0
      ? null
      : html`<ul class="says">${remarks.map((text) => html`<li>${text}</li>`)}</ul>`;
  return html`<section aria-labelledby="gates"><h2 id="gates">Gates</h2>${said}<div class="table" tabindex="0" role="region" aria-label="Gates">
<table><thead><tr>${GATE_COLUMNS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${outcomes.map(row)}</tbody></table></div></section>`;
}

function row(outcome: GateOutcome): SafeHtml {
  const [verdict, ...cells] = gateCells(outcome);
  return html`<tr><td class="${CLASSES[outcome.verdict]}">${verdict!}</td>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
}
