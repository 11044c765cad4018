// A finished uncertainty run as a page to read and pictures to pass on. Loading this is heavy (charts); import it late.

import { basename } from "node:path";
import { figuresHtml, reportDocument } from "../../page/document.js";
import { findingsHtml } from "../../page/html.js";
import { type Term, termsHtml } from "../../page/method.js";
import { writePage } from "../../page/write-page.js";
import { answerText } from "../kind.js";
import type { UncertaintyResult } from "../request.js";
import { methodName, NO_DROPOUT } from "../rivals.js";
import { uncertaintyFigures } from "./figures.js";
import { choiceHtml, rowsHtml, scoresHtml } from "./tables.js";

/** Writes the report into a folder. @returns The paths of the files, the page first. */
export function writeUncertaintyReport(result: UncertaintyResult, folder: string): string[] {
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
  return writePage(folder, figures, (chartCode) => reportDocument({ title, lead, sections, figures, chartCode }));
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
