// A finished uncertainty run as a page to read and pictures to pass on. Loading this is heavy (charts); import it late.

import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { light } from "@hadamask/experiments/charts";
import { writeFileWhole } from "../../files/write-file.js";
import { ECHARTS_FILE, renderPng } from "../../output/render-chart.js";
import { figuresHtml, reportDocument } from "../../page/document.js";
import { findingsHtml } from "../../page/html.js";
import { type Term, termsHtml } from "../../page/method.js";
import { answerText } from "../kind.js";
import type { UncertaintyResult } from "../request.js";
import { methodName, NO_DROPOUT } from "../rivals.js";
import { uncertaintyFigures } from "./figures.js";
import { choiceHtml, rowsHtml, scoresHtml } from "./tables.js";

/**
 * Writes `report.html`, which needs nothing but itself, and every picture as a PNG beside it. The folder is made if
 * it is missing.
 *
 * @returns The paths of the files, the page first.
 */
export function writeUncertaintyReport(result: UncertaintyResult, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const figures = uncertaintyFigures(result);
  const { request, prediction, findings, choice } = result;
  const sections = [
    `<h2>What came of it</h2>\n${findingsHtml(findings)}`,
    ...(result.classes ? [`<h2>The numbers</h2>\n${scoresHtml(result.classes, result)}`] : []),
    ...(choice ? [`<h2>Which rate</h2>\n${choiceHtml(choice)}`] : []),
    ...(figures.length > 0 ? [`<h2>The pictures</h2>\n${figuresHtml(figures)}`] : []),
    `<h2>Least certain rows</h2>\n${rowsHtml(result)}`,
    `<h2>How it was done</h2>\n${method(result)}`,
  ];
  const title = `How sure is ${basename(request.model)}?`;
  const made = request.where === NO_DROPOUT ? methodName(request) : `${passes(result)} with other masks each time`;
  const lead = `${prediction.rows.toLocaleString("en-GB")} rows of ${basename(request.data)}, ${made}.`;
  const paths = [join(folder, "report.html"), ...figures.map(({ name }) => join(folder, `${name}.png`))];
  writeFileWhole(
    paths[0]!,
    reportDocument({ title, lead, sections, figures, chartCode: readFileSync(ECHARTS_FILE, "utf8") }),
  );
  figures.forEach((figure, f) => {
    writeFileWhole(paths[f + 1]!, renderPng(figure.option(light), figure.size));
  });
  return paths;
}

function passes({ totals }: UncertaintyResult): string {
  const { least, most } = totals.samples;
  return most === least ? `${most} passes` : `${least} to ${most} passes`;
}

function masksText({ masks, where }: UncertaintyResult["request"]): string {
  if (where === NO_DROPOUT) return "none: the models are what differs";
  if (typeof masks === "object") return `${masks.fixed} thinned networks, the same for all rows`;
  return masks === "consistent" ? "one thinned network for all rows of a pass" : "each row has masks of its own";
}

function method(result: UncertaintyResult): string {
  const { request, inspection, sites } = result;
  const terms: Term[] = [
    [
      "Model",
      `${basename(request.model)}, opset ` +
        `${inspection.opset}${inspection.producer ? `, made by ${inspection.producer}` : ""}`,
    ],
    [
      "Dropout",
      sites.length === 0
        ? "none: an ensemble"
        : sites
            .map(({ kind, name, rate }) => `${kind === "dropout" ? "" : `${kind} `}${name} (rate ${rate})`)
            .join(", "),
    ],
    ["Answer", answerText(result.answer)],
    ...(result.dataNote === undefined ? [] : [["Data", result.dataNote] as const]),
    ["Masks", masksText(request)],
    ["Seed", String(request.seed)],
    [
      "Uncertainty",
      "predictive entropy is all of it; mutual information (BALD) is the part on which the passes disagree, the " +
        "rest is noise in the data",
    ],
  ];
  return termsHtml(terms);
}
