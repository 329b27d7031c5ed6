import { html } from '../html/escape.ts';
import type { LabSection } from './lab-page.ts';
import type { LabResult } from './lab-result.ts';

/** The recommendation with its reasons and with what it does not know. */
export function adviceSection({ recommendation, notes }: LabResult): LabSection {
  const { advice, reasons, limits } = recommendation;
  return {
    anchor: 'advice',
    title: 'Recommendation',
    body: html`<div class="grid"><div class="card"><p class="advice">${advice}</p><ul class="plain">${reasons.map((text) => html`<li>${text}</li>`)}</ul></div>
<div class="card"><h3>What it does not know</h3><ul class="plain">${[...limits, ...notes].map((text) => html`<li>${text}</li>`)}</ul></div></div>`,
  };
}
