import { brokersText, memoryText } from '../number-text.ts';
import type { Result } from '../result.ts';
import { html, type SafeHtml } from './escape.ts';

/** What one must know to judge the figures and to repeat them: command, environment, configuration, notes. */
export function runDetails(result: Result): SafeHtml {
  return html`<section aria-labelledby="repeat"><h2 id="repeat">To repeat it</h2>
<div class="card command"><pre><code id="command">${result.command}</code></pre><button type="button" data-copy="command" hidden>Copy</button></div></section>
<section aria-labelledby="setup"><h2 id="setup">Environment and configuration</h2><div class="grid">
<div class="card"><h3>Environment</h3>${definitions(environmentRows(result))}</div>
<div class="card"><h3>Base configuration</h3>${definitions(Object.entries(result.base))}</div></div>${propertiesSection(result)}</section>
${notesSection(result)}`;
}

function propertiesSection({ baseProperties }: Result): SafeHtml | null {
  if (baseProperties === undefined) return null;
  return html`<details class="card"><summary>producer.properties of the base, for the Java producer of Kafka 4.1</summary><div class="command"><pre><code id="properties">${baseProperties}</code></pre><button type="button" data-copy="properties" hidden>Copy</button></div></details>`;
}

function environmentRows(result: Result): [string, string][] {
  const { environment } = result;
  const trial = result.trials[0];
  return [
    ['suite', result.suite],
    ['design', result.design],
    ['seed', String(result.seed)],
    ['started', result.startedAt],
    ['finished', result.finishedAt ?? 'not finished'],
    ...(trial === undefined
      ? []
      : ([
          ['target', `${trial.target.kind}, ${brokersText(trial.target.brokers)}`],
          [
            'topic',
            `${trial.topic.partitions} partitions, replication factor ${trial.topic.replicationFactor}`,
          ],
          ['generators', `${trial.generators}, send form ${trial.sendForm}`],
        ] as [string, string][])),
    ['tidemark', environment.tidemark],
    ['Node', environment.node],
    ['CPU', environment.cpu],
    ['cores', String(environment.cores)],
    ['memory', memoryText(environment.memoryBytes)],
    ['system', environment.os],
    ['kernel', environment.kernel],
    ...Object.entries(environment.packages),
  ];
}

function definitions(rows: readonly (readonly [string, string])[]): SafeHtml {
  return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function notesSection(result: Result): SafeHtml | null {
  const trials = result.trials.flatMap((trial) => [
    ...(trial.error === null ? [] : [`${trial.id} (${trial.topic.name}): ${trial.error}`]),
    ...trial.notes.map((note) => `${trial.id}: ${note}`),
  ]);
  const notes = [...result.notes, ...trials];
  if (notes.length === 0) return null;
  return html`<section aria-labelledby="notes"><h2 id="notes">Notes</h2><div class="card"><ul class="plain">${notes.map((note) => html`<li>${note}</li>`)}</ul></div></section>`;
}
