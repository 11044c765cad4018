// How the report looks, in light and in dark. The backgrounds are those of the charts (figures/theme.ts).

import { dark, light, type Theme } from "@hadamask/experiments/charts";

const variables = ({ background, ink, softInk, grid }: Theme): string =>
  `--background:${background};--ink:${ink};--soft:${softInk};--line:${grid}`;

/**
 * A shade at the right edge of what is wider than its box; a cover that moves with the contents hides it at their end.
 */
const SHADE =
  "linear-gradient(to left,var(--background) 40%,transparent) 100% 0/56px 100% no-repeat local," +
  "linear-gradient(to left,color-mix(in srgb,var(--soft) 35%,transparent),transparent) 100% 0/22px 100% no-repeat," +
  "var(--background)";

export const STYLE = `
:root{${variables(light)};--page:#f5f6f8;--accent:#0b62a8}
@media (prefers-color-scheme:dark){:root{${variables(dark)};--page:#0e1014;--accent:#5cadec}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1216px;margin:0 auto;padding:40px 20px 72px}
h1{font-size:2rem;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em}
h2{font-size:1.3rem;margin:0 0 14px}
h3{font-size:1.02rem;margin:26px 0 10px}
section{margin-top:44px}
.lead{color:var(--soft);margin:0;font-size:1.05rem}
.findings{margin:0;padding:20px 24px 20px 44px;background:var(--background);border:1px solid var(--line);
border-radius:10px;font-size:1.06rem}
.findings li+li{margin-top:10px}
.scroll{overflow-x:auto;background:${SHADE};border:1px solid var(--line);border-radius:10px}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:9px 14px;vertical-align:top;text-align:right;white-space:nowrap}
th:first-child,.words{text-align:left;white-space:normal;min-width:210px}
td small{display:block;color:var(--soft);font-size:.82rem}
thead th{color:var(--soft);font-weight:500;white-space:normal;border-bottom:1px solid var(--line);vertical-align:bottom}
tbody th{font-weight:500}
tbody tr+tr>*{border-top:1px solid var(--line)}
.note{color:var(--soft);font-size:.88rem;max-width:78ch}
details{margin-top:18px}
summary{cursor:pointer;color:var(--accent);margin-bottom:10px}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,562px),1fr));gap:20px;align-items:start}
figure{margin:0;background:var(--background);border:1px solid var(--line);border-radius:10px;overflow-x:auto}
.tall{grid-row:span 2}
.wide{grid-column:1/-1}
.chart{width:100%}
figure h3{margin:16px 16px 2px}
.explanation{margin:0 16px;color:var(--soft);font-size:.82rem}
.pictures ul{margin:0;columns:18rem;padding-left:1.2rem}
.variants dt{color:var(--ink);font-weight:500}
.chart img{max-width:100%;height:auto;background:#fff}
figcaption{position:sticky;left:0;padding:12px 16px 14px;color:var(--soft);font-size:.88rem;
border-top:1px solid var(--line)}
a{color:var(--accent)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:8px 20px;margin:0 0 18px}
dt{color:var(--soft)}
dd{margin:0}
pre{background:var(--background);border:1px solid var(--line);border-radius:10px;padding:14px 16px;overflow-x:auto;
font-size:.9rem;margin:0}
@media (max-width:600px){main{padding:24px 12px 48px}dl{grid-template-columns:1fr;gap:2px}dd{margin-bottom:10px}
th,td{padding:9px 10px}th:first-child,.words{min-width:120px}}
@media print{body{background:#fff}figure{break-inside:avoid}}
`;
