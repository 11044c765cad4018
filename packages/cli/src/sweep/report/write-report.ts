// A finished sweep as files: a page to read, pictures to pass on, JSON and CSV. Loading this is heavy (charts); import
// it late.

import { join } from "node:path";
import type { SweepResult } from "@hadamask/experiments/settings";
import { writeFileWhole } from "../../files/write-file.js";
import { jsonText } from "../../output/json.js";
import { writePage } from "../../page/write-page.js";
import { configsCsv, runsCsv } from "../csv.js";
import { sweepFigures } from "./figures.js";
import { sweepPage } from "./page.js";

/** The result as the text of sweep.json: the same bytes on every machine. */
export const sweepJson = (result: SweepResult): string => `${jsonText(result, 2)}\n`;

/** Writes all files of the report into a folder that is there. @returns The path of the page. */
export function writeSweepReport(result: SweepResult, folder: string): string {
  const figures = sweepFigures(result);
  writeFileWhole(join(folder, "sweep.json"), sweepJson(result));
  writeFileWhole(join(folder, "configs.csv"), configsCsv(result));
  writeFileWhole(join(folder, "runs.csv"), runsCsv(result));
  const [page] = writePage(folder, figures, (chartCode) => sweepPage(result, figures, chartCode));
  return page;
}
