import { html } from '../html/escape.ts';
import type { LabSection } from './lab-page.ts';
import type { LabResult } from './lab-result.ts';
import type { MeasuredAdvice } from './measured-advice.ts';
import { besideRun } from './recommendation.ts';

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

/** With a run: what it says of records that need no order, what placement says of keys, and the limits of both. */
export function measuredAdviceSection(
  { recommendation, notes }: LabResult,
  measured: MeasuredAdvice,
): LabSection {
  const keyed = besideRun(recommendation);
  const list = (texts: readonly string[]) =>
    html`<ul class="plain">${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
  return {
    anchor: 'advice',
    title: 'Recommendation',
    body: html`<div class="grid"><div class="card wide"><p class="advice">${measured.advice}</p>${list(measured.reasons)}</div>
<div class="card"><p class="advice">Where the order of a key matters: ${lowerFirst(keyed.advice)}</p>${list(keyed.reasons)}</div>
<div class="card"><h3>What it does not know</h3>${list([...measured.limits, ...keyed.limits, ...notes])}</div></div>`,
  };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
