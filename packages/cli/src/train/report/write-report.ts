// A finished comparison as a page to read and pictures to pass on. Loading this is heavy (charts); import it late.

import type { ComparisonResult } from "@hadamask/experiments/settings";
import { writePage } from "../../page/write-page.js";
import { comparisonFigures } from "./comparison-figures.js";
import { byName } from "./names.js";
import { page } from "./page.js";

/** Writes the report into a folder. @returns The paths of the files, the page first. */
export function writeReport(result: ComparisonResult, folder: string): string[] {
  const figures = comparisonFigures(byName(result));
  return writePage(folder, figures, (chartCode) => page(result, figures, chartCode));
}
