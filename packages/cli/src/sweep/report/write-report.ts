// A finished sweep as files: a page to read, pictures to pass on, JSON and CSV. Loading this is heavy (charts); import
// it late.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { light } from "@hadamask/experiments/charts";
import type { SweepResult } from "@hadamask/experiments/settings";
import { writeFileWhole } from "../../files/write-file.js";
import { jsonText } from "../../output/json.js";
import { ECHARTS_FILE, renderPng } from "../../output/render-chart.js";
import { configsCsv, runsCsv } from "../csv.js";
import { sweepFigures } from "./figures.js";
import { sweepPage } from "./page.js";

/** The result as the text of sweep.json: the same bytes on every machine. */
export const sweepJson = (result: SweepResult): string => `${jsonText(result, 2)}\n`;

/** Writes all files of the report into a folder that is there. @returns The path of the page. */
export function writeSweepReport(result: SweepResult, folder: string): string {
  const figures = sweepFigures(result);
  const page = join(folder, "report.html");
  writeFileWhole(join(folder, "sweep.json"), sweepJson(result));
  writeFileWhole(join(folder, "configs.csv"), configsCsv(result));
  writeFileWhole(join(folder, "runs.csv"), runsCsv(result));
  writeFileWhole(page, sweepPage(result, figures, readFileSync(ECHARTS_FILE, "utf8")));
  for (const figure of figures) {
    writeFileWhole(join(folder, `${figure.name}.png`), renderPng(figure.option(light), figure.size));
  }
  return page;
}
