import { html } from '../html/escape.ts';
import type { LabSection } from './lab-page.ts';
import { type LabResult, placementsAt } from './lab-result.ts';

/** Whose rule each strategy is. */
export function clientsSection(lab: LabResult): LabSection {
  const rows = placementsAt(lab, lab.partitions[0]!).map(
    ({ name, rule, clients }) =>
      html`<tr><th scope="row">${name}</th><td class="wrap"><code>${rule}</code></td><td class="wrap">${clients.length === 0 ? 'a module of your own' : clients.join('; ')}</td></tr>`,
  );
  return {
    anchor: 'clients',
    title: 'Whose rule it is',
    body: html`<div class="table" tabindex="0" role="region" aria-label="Clients by strategy"><table><caption>The defaults for records with a key, unless it says otherwise</caption><thead><tr><th scope="col">strategy</th><th scope="col">rule</th><th scope="col">clients</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  };
}
