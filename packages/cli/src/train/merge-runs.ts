// Saved runs of several folders in one. Nothing is trained and no number is changed: the files are copied as they are.

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";
import { writeFileWhole } from "../files/write-file.js";
import { commonDifference, readProvenance } from "./run-file.js";

const runsIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(".json"))
        .sort()
        .map((file) => join(folder, file))
    : [];

/**
 * @returns How many runs were copied, and how many there are.
 * @throws {UsageError} If a folder has no runs, a run is damaged, or two were made with other settings or data.
 */
export function mergeRuns(folders: readonly string[], into: string): { merged: number; total: number } {
  const empty = folders.find((folder) => runsIn(folder).length === 0);
  if (empty !== undefined) throw new UsageError(`merge: ${empty} has no runs`);
  const files = [...runsIn(into), ...folders.filter((folder) => folder !== into).flatMap(runsIn)];
  const [first] = files;
  for (const file of files) {
    const difference = commonDifference(readProvenance("merge", file), readProvenance("merge", first!));
    if (difference !== undefined) {
      throw new UsageError(
        `merge: ${file} was made with ${difference}, unlike ${first}; only runs that share all go together`,
      );
    }
  }
  mkdirSync(into, { recursive: true });
  let merged = 0;
  for (const file of files) {
    const target = join(into, basename(file));
    if (existsSync(target)) continue; // a run of the same settings, variant and seed has the same numbers
    writeFileWhole(target, readFileSync(file, "utf8"));
    merged++;
  }
  return { merged, total: runsIn(into).length };
}
