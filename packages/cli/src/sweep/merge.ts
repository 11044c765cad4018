// Shards of a sweep in one folder. A cell has the same folder in each, since its name says what its runs depend on.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";
import { mergeRuns } from "../train/merge-runs.js";

/** Whether a folder is that of a sweep. */
export const isSweep = (folder: string): boolean => existsSync(join(folder, "cells"));

/** @throws {UsageError} If one of the folders is not a sweep, or two runs of a cell were made with other settings. */
export function mergeSweeps(folders: readonly string[], into: string): { merged: number; total: number } {
  const other = folders.find((folder) => !isSweep(folder));
  if (other !== undefined) throw new UsageError(`merge: ${other} is no folder of a sweep, and others are`);
  const names = new Set(folders.flatMap((folder) => readdirSync(join(folder, "cells"))));
  let [merged, total] = [0, 0];
  for (const name of [...names].sort()) {
    const runs = folders.map((folder) => join(folder, "cells", name, "runs")).filter(hasRuns);
    if (runs.length === 0) continue;
    const cell = mergeRuns(runs, join(into, "cells", name, "runs"));
    merged += cell.merged;
    total += cell.total;
  }
  if (total === 0) throw new UsageError(`merge: ${folders.join(", ")} have no runs`);
  return { merged, total };
}

const hasRuns = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".json"));
