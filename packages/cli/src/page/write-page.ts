// A report as files: the page, and every picture as a PNG beside it. Loading this is heavy (charts); import it late.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { light } from "@hadamask/experiments/charts";
import { writeFileWhole } from "../files/write-file.js";
import { ECHARTS_FILE, renderPng } from "../output/render-chart.js";
import type { Figure } from "./figure.js";

/**
 * Writes `report.html`, which needs nothing but itself, and every picture as a PNG beside it. The folder is made if
 * it is missing.
 *
 * @param pageOf The page, around ECharts as one script.
 * @returns The paths of the files, the page first.
 */
export function writePage(
  folder: string,
  figures: readonly Figure[],
  pageOf: (chartCode: string) => string,
): [page: string, ...pictures: string[]] {
  mkdirSync(folder, { recursive: true });
  const page = join(folder, "report.html");
  writeFileWhole(page, pageOf(readFileSync(ECHARTS_FILE, "utf8")));
  const pictures = figures.map(({ name, option, size }) => {
    const picture = join(folder, `${name}.png`);
    writeFileWhole(picture, renderPng(option(light), size));
    return picture;
  });
  return [page, ...pictures];
}
