import { columnsFor, type LevelColumn } from '../levels/level-columns.ts';
import type { Level, LevelTable } from '../levels/levels.ts';
import { tableLegend } from '../levels/table-legend.ts';
import { html, type SafeHtml } from './escape.ts';

/** All levels once, sortable by the script; the same figures and marks as in the terminal. */
export function levelTable(table: LevelTable): SafeHtml {
  const columns = columnsFor(table.all);
  const heads = [
    ...['factor', 'level'].map(
      (name) => html`<th scope="col"><button type="button" disabled>${name}</button></th>`,
    ),
    ...columns.map((column) =>
      column.isNumber
        ? html`<th scope="col" class="n" data-number title="${column.title}"><button type="button" disabled>${column.name}</button></th>`
        : html`<th scope="col" title="${column.title}"><button type="button" disabled>${column.name}</button></th>`,
    ),
  ];
  return html`<p class="sub">${tableLegend(table.all).join(' ')}</p><div class="table" tabindex="0" role="region" aria-label="All levels">
<table data-sortable id="all-levels"><caption>One row per level; a click on a heading sorts.</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${table.all.map((level) => row(level, table.base, columns))}</tbody></table></div>`;
}

function row(level: Level, base: Level | null, columns: readonly LevelColumn[]): SafeHtml {
  const factor = level.factor ?? (level.isBase ? 'base' : 'grid');
  const name = level.isBase && level.factor === null ? baseLabel(level) : level.label;
  const cells = columns.map((column) => {
    const text = column.text(level, base);
    const classes = [
      ...(column.isNumber ? ['n'] : []),
      ...(text.startsWith('~') ? ['like'] : []),
      ...(column.name === 'verified' ? [verifiedClass(text)] : []),
    ];
    const detail = column.detail?.(level) ?? null;
    const title = detail === null ? null : html` title="${detail}"`;
    return html`<td class="${classes.join(' ')}" data-value="${column.value(level) ?? ''}"${title}>${text}</td>`;
  });
  return html`<tr class="${level.isBase ? 'base' : ''}"><td data-value="${factor}">${factor}</td><th scope="row" data-value="${name}">${name}${tags(level)}</th>${cells}</tr>
`;
}

function baseLabel(level: Level): string {
  return level.trials.length > 1 ? `${level.trials.length} repeats` : 'one trial';
}

export function tags(level: Level): SafeHtml[] {
  return [
    ...(level.overloaded ? [html`<span class="tag warn">overloaded</span>`] : []),
    ...(level.isLocalWrite ? [html`<span class="tag">local write</span>`] : []),
    ...(level.failed > 0 ? [html`<span class="tag warn">${level.failed} failed</span>`] : []),
  ];
}

function verifiedClass(text: string): string {
  if (text === 'yes') return 'good';
  return text === 'not known' || text === 'offsets only' ? 'like' : 'bad';
}
