// A report as one HTML file that carries its style, data and chart code inside. Knows nothing of what is reported.

import { dark, light } from "@hadamask/experiments/charts";
import type { Figure } from "./figure.js";
import { embedded, escaped } from "./html.js";
import { GENERATOR } from "./own.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";

export interface ReportParts {
  readonly title: string;
  /** The sentence under the title. */
  readonly lead: string;
  /** HTML of each section, its heading first. */
  readonly sections: readonly string[];
  /** The figures that the sections have places for, see {@link figuresHtml}. */
  readonly figures: readonly Figure[];
  /** ECharts as one script. */
  readonly chartCode: string;
}

export const reportDocument = ({ title, lead, sections, figures, chartCode }: ReportParts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${GENERATOR}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escaped(title)}</h1>
<p class="lead">${escaped(lead)}</p>
</header>
${sections.map((section) => `<section>\n${section}\n</section>`).join("\n")}
</main>
<script>${chartCode.replaceAll("</script", "<\\/script")}</script>
<script type="application/json" id="charts">${embedded(figures.map(chart))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;

/** Places for figures, in two columns. */
export const figuresHtml = (figures: readonly Figure[]): string =>
  `<div class="figures">\n${figures.map(figureHtml).join("\n")}\n</div>`;

/** Charts higher than this take the place of two, one under the other; fixed ones wider than this take a row. */
const TALL = 560;
const WIDE = 560;

const placeOf = ({ size, isFixed }: Figure): string =>
  isFixed && size.width > WIDE ? ' class="wide"' : size.height > TALL ? ' class="tall"' : "";

function figureHtml(figure: Figure): string {
  const { name, caption, size, isFixed } = figure;
  const width = isFixed ? `;min-width:${size.width}px` : "";
  return `<figure${placeOf(figure)}>
<div class="chart" id="${name}" style="height:${size.height}px${width}" role="img" aria-label="${escaped(caption)}">
<noscript><img src="${name}.png" width="${size.width}" height="${size.height}" alt="${escaped(caption)}"></noscript>
</div>
<figcaption>${escaped(caption)} <a href="${name}.png" download>PNG</a></figcaption>
</figure>`;
}

const chart = ({ name, size, option }: Figure): object => ({
  name,
  width: size.width,
  light: option(light),
  dark: option(dark),
});
