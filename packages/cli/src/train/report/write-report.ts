// A finished comparison as a page to read and pictures to pass on. Loading this is heavy (charts); import it late.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { light } from "@hadamask/experiments/charts";
import type { ComparisonResult } from "@hadamask/experiments/settings";
import { writeFileWhole } from "../../files/write-file.js";
import { ECHARTS_FILE, renderPng } from "../../output/render-chart.js";
import { comparisonFigures } from "./comparison-figures.js";
import { byName } from "./names.js";
import { page } from "./page.js";

/**
 * Writes `report.html`, which needs nothing but itself, and every picture as a PNG beside it. The folder is made if
 * it is missing.
 *
 * @returns The paths of the files, the page first.
 */
export function writeReport(result: ComparisonResult, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const figures = comparisonFigures(byName(result));
  const paths = [join(folder, "report.html"), ...figures.map(({ name }) => join(folder, `${name}.png`))];
  writeFileWhole(paths[0]!, page(result, figures, readFileSync(ECHARTS_FILE, "utf8")));
  figures.forEach((figure, f) => {
    writeFileWhole(paths[f + 1]!, renderPng(figure.option(light), figure.size));
  });
  return paths;
}
