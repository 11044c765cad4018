// The report as one HTML file: words, numbers, pictures, and how to get them again. Carries its style, data and chart code inside.

import type { ComparisonResult } from "../experiments/result.js";
import { dark, light } from "../figures/theme.js";
import type { Figure } from "./comparison-figures.js";
import { embedded, escaped } from "./html.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";
import { differencesTable, measuresTable, seedsTable } from "./tables.js";

/** @param chartCode ECharts as one script. */
export function page(result: ComparisonResult, figures: readonly Figure[], chartCode: string): string {
  const { comparison, findings } = result;
  const title = `Dropout on ${comparison.data.name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escaped(title)}</h1>
<p class="lead">${escaped(setting(result))}</p>
</header>
<section>
<h2>What happened</h2>
<ul class="findings">
${findings.map((finding) => `<li>${escaped(finding)}</li>`).join("\n")}
</ul>
</section>
<section>
<h2>The numbers</h2>
${measuresTable(comparison)}
${comparison.paired.length > 0 ? `<h3>Paired differences</h3>\n${differencesTable(comparison)}` : ""}
<p class="note">${INTERVALS}</p>
<details><summary>Every seed</summary>
${seedsTable(comparison)}
</details>
</section>
<section>
<h2>The pictures</h2>
<div class="figures">
${figures.map(figureHtml).join("\n")}
</div>
</section>
<section>
<h2>How it was done</h2>
${method(result)}
</section>
</main>
<script>${chartCode.replaceAll("</script", "<\\/script")}</script>
<script type="application/json" id="charts">${embedded(figures.map(chart))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const INTERVALS =
  "Under each number its 95 % interval, by bootstrap over seeds and test rows, so that it covers both the luck of a run and the luck of a test set. " +
  "Differences are paired: all variants share each seed's rows, first weights and batches. Below 0 the variant is better.";

const counted = (n: number, noun: string): string => `${n.toLocaleString("en-GB")} ${noun}${n === 1 ? "" : "s"}`;

function setting({ comparison: { data, model, variants } }: ComparisonResult): string {
  const network = [data.features, ...model.hidden, data.classes.length].join("-");
  return (
    `${counted(variants.length, "variant")} of a ${network} network, ${counted(model.seeds.length, "seed")} each, ` +
    `trained on ${counted(data.trainRows, "row")} and tested on ${data.testRows.toLocaleString("en-GB")}.`
  );
}

/** Charts of this height take the place of two. */
const TALL = 560;

const figureHtml = ({ name, caption, size }: Figure): string => `<figure${size.height > TALL ? ' class="tall"' : ""}>
<div class="chart" id="${name}" style="height:${size.height}px" role="img" aria-label="${escaped(caption)}">
<noscript><img src="${name}.png" width="${size.width}" height="${size.height}" alt="${escaped(caption)}"></noscript>
</div>
<figcaption>${escaped(caption)} <a href="${name}.png" download>PNG</a></figcaption>
</figure>`;

const chart = ({ name, size, option }: Figure): object => ({
  name,
  width: size.width,
  light: option(light),
  dark: option(dark),
});

function method({ comparison: { data, model, command, versions }, seconds }: ComparisonResult): string {
  const rows: [string, string][] = [
    ["Data", data.description],
    ["Split", data.split === "given" ? "as the data come" : "each seed draws its own training and test rows"],
    ["Network", `fully connected, hidden layers of ${model.hidden.join(" and ")} units, ${model.activation}`],
    [
      "Training",
      `${model.optimiser}, learning rate ${model.learningRate}, batches of ${model.batchSize}, ${counted(model.epochs, "epoch")}`,
    ],
    ["Time", `${Math.round(seconds).toLocaleString("en-GB")} s of training, all runs together`],
    [
      "Versions",
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
  ];
  const list = rows.map(([term, text]) => `<dt>${term}</dt><dd>${escaped(text)}</dd>`).join("\n");
  return `<dl>\n${list}\n</dl>\n<p>The same numbers again:</p>\n<pre><code>${escaped(command)}</code></pre>`;
}
