/** What this page has beside the style of every report: cells shaded by a share, and long keys that break. */
export const LAB_STYLE = `
.advice{font-size:17px;font-weight:600;margin:0 0 6px}
.key{white-space:normal;overflow-wrap:anywhere;min-width:90px;max-width:340px;font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.name{white-space:normal;overflow-wrap:anywhere;min-width:90px;max-width:260px}
.wrap{white-space:normal;min-width:180px}
.share{background:color-mix(in srgb,var(--s2) calc(var(--share)*40%),transparent)}
.share .like{color:inherit}
p.says{margin:0 0 12px}
figure+figure,.table+figure,.table+.grid,.table+p,.table+.table,.card+.table,figure+.table,figure+p.says,.table+h3,figure+h3{margin-top:16px}
.grid>figure+figure{margin-top:0}
.cell+.cell{margin-top:34px}
td .like,td .differs{font-size:12.5px}
td .differs{color:var(--accent)}
`;
