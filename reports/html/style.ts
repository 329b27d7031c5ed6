import { cssVariables } from './theme.ts';

/** The report's whole style: light and dark by the reader's preference, no font or image from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;${cssVariables('light')}}
@media (prefers-color-scheme:dark){:root{${cssVariables('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,header .in,footer{max-width:1160px;margin:0 auto;padding:0 24px}
header{background:var(--surface);border-bottom:1px solid var(--line);padding:28px 0 24px}
header p{margin:6px 0 0;color:var(--muted)}
.brand{font-size:13px;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--accent)}
h1{font-size:30px;line-height:1.2;margin:4px 0 0;letter-spacing:-.015em}
h2{font-size:21px;line-height:1.3;margin:44px 0 14px;letter-spacing:-.01em}
h3{font-size:15px;margin:0 0 2px}
a{color:var(--accent)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:6px 18px;padding:0;margin:16px 0 0;font-size:14px}
.card{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:18px 20px;min-width:0}
details.card{margin-top:16px}summary{cursor:pointer;font-weight:600}summary+.command{margin-top:12px}
.grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px}
.wide{grid-column:1/-1}
.findings{display:grid;gap:12px}
.findings h3 a{color:inherit;text-decoration:none}
.findings h3 a:hover{text-decoration:underline}
.findings ul,.plain{margin:6px 0 0;padding-left:18px}
.findings li{margin:2px 0}
.caveat{color:var(--muted);font-size:14.5px}
.says{margin:0 0 14px;padding:0;list-style:none}
.says li{margin:2px 0}
.sub{margin:0 0 8px;color:var(--muted);font-size:13.5px}
figure{margin:0}
.chart{overflow-x:auto}
.chart svg{display:block;width:100%;min-width:440px;height:auto}
.wide .chart svg{min-width:560px}
.live{width:100%}
.table{overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--surface)}
table{border-collapse:collapse;width:100%;font-size:13.5px}
caption{text-align:left;padding:10px 7px;color:var(--muted);font-size:13.5px}
th,td{padding:7px 7px;text-align:left;white-space:nowrap;border-top:1px solid var(--line)}
thead th{background:var(--page);font-weight:600;border-top:1px solid var(--line)}
.n{text-align:right;font-variant-numeric:tabular-nums}
tbody tr:hover{background:var(--page)}
tr.base td,tr.base th{font-weight:600}
tbody th{font-weight:400}
th button{all:unset;cursor:pointer;display:inline-flex;gap:5px;align-items:center}
th button:disabled{cursor:default}
th button:focus-visible,button:focus-visible,.table:focus-visible,.chart:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
th button::after{content:"";width:8px;font-size:10px}
th[aria-sort=ascending] button::after{content:"\\25B2"}
th[aria-sort=descending] button::after{content:"\\25BC"}
.like{color:var(--muted)}
.tag{display:inline-block;margin-left:6px;padding:0 7px;border:1px solid currentColor;border-radius:9px;font-size:12px;line-height:18px;font-weight:500;color:var(--muted)}
.tag.warn{color:var(--warn)}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}
.command{display:flex;gap:12px;align-items:flex-start;justify-content:space-between}
code,pre{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:0;white-space:pre-wrap;min-width:0}
.command button{flex:none;font:inherit;font-size:13.5px;color:var(--accent);background:none;border:1px solid var(--line);border-radius:6px;padding:3px 12px;cursor:pointer}
dl{display:grid;grid-template-columns:minmax(110px,max-content) minmax(0,1fr);gap:5px 18px;margin:0;font-size:14px}
dt{color:var(--muted)}
dd{margin:0;font-variant-numeric:tabular-nums}
footer{padding-top:36px;padding-bottom:44px;color:var(--muted);font-size:13.5px}
@media (max-width:760px){main,header .in,footer{padding-left:14px;padding-right:14px}.grid{grid-template-columns:minmax(0,1fr)}h1{font-size:25px}.card{padding:14px}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:7px}}
@media print{.command button,nav{display:none}.card,.table{break-inside:avoid}}
`.trim();
