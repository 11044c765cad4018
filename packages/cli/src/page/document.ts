// A report as one HTML file that carries its style, data and chart code inside. Knows nothing of what is reported.

import { dark, light } from "@hadamask/experiments/charts";
import type { EChartsOption } from "echarts";
import type { Figure } from "./figure.js";
import { embedded, escaped } from "./html.js";
import { GENERATOR } from "./own.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";
import { heightInPage, isUntitled, titleOf, untitled } from "./untitled.js";

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

export function reportDocument({ title, lead, sections, figures, chartCode }: ReportParts): string {
  const content = [
    `<header>\n<h1>${escaped(title)}</h1>\n<p class="lead">${escaped(lead)}</p>\n</header>`,
    ...sections.map((section) => `<section>\n${section}\n</section>`),
  ].join("\n");
  return `<!doctype html>
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
${unbroken(content)}
</main>
<script>${chartCode.replaceAll("</script", "<\\/script")}</script>
<script type="application/json" id="charts">${embedded(figures.map(chart))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** A number stays on one line with its "%". */
const unbroken = (html: string): string => html.replace(/(\d) %/g, "$1\u00a0%");

/** Places for figures, in two columns, and a menu of the pictures beside the page. */
export const figuresHtml = (figures: readonly Figure[]): string =>
  `<div class="figures">\n${figures.map(figureHtml).join("\n")}\n</div>\n${pictureMenu(figures)}`;

function pictureMenu(figures: readonly Figure[]): string {
  const links = figures.map(
    (figure) => `<li><a href="${figure.name}.png" download>${escaped(titleOf(figure).title || figure.name)}</a></li>`,
  );
  const list = `<ul>\n${links.join("\n")}\n</ul>`;
  return `<details class="pictures"><summary>All pictures as PNG</summary>\n${list}\n</details>`;
}

/** Charts higher than this take the place of two, one under the other; fixed ones wider than this take a row. */
const TALL = 560;
const WIDE = 560;

const placeOf = ({ size, isFixed }: Figure): string =>
  isFixed && size.width > WIDE ? ' class="wide"' : size.height > TALL ? ' class="tall"' : "";

function figureHtml(figure: Figure): string {
  const { name, caption, values, size, isFixed } = figure;
  const width = isFixed ? `;min-width:${size.width}px` : "";
  const { title, explanation } = titleOf(figure);
  const words = isUntitled(figure)
    ? `<h3>${escaped(title)}</h3>\n<p class="explanation">${escaped(explanation)}</p>\n`
    : "";
  const text = escaped([title && `${title}.`, values ?? caption].filter((part) => part !== "").join(" "));
  const style = `height:${heightInPage(figure)}px${width}`;
  return `<figure${placeOf(figure)}>
${words}<div class="chart" id="${name}" style="${style}" role="img" aria-label="${text}">
<noscript><img src="${name}.png" width="${size.width}" height="${size.height}" alt="${text}"></noscript>
</div>
<figcaption>${escaped(caption)}</figcaption>
</figure>`;
}

function chart(figure: Figure): object {
  const { name, option } = figure;
  const inPage = isUntitled(figure) ? untitled : (whole: EChartsOption): EChartsOption => whole;
  return { name, height: heightInPage(figure), light: inPage(option(light)), dark: inPage(option(dark)) };
}
