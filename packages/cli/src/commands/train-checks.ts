// What `hadamask train` refuses before it computes: networks too large, outputs in the place of other files.

import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type ComparisonSettings, type Dataset, DEFAULT_MODEL, UsageError } from "@hadamask/experiments/settings";
import { targetOf } from "../files/target.js";
import { checkReportFolder } from "../page/own.js";
import { columnsPath, columnsText, heldOutCsv, rowsPath } from "../train/test-rows.js";
import { checkApart, checkFile, checkFolder, checkOutside, type NamedPath } from "./paths.js";
import type { TrainOptions } from "./train-options.js";

/** Weights that a network may have: several times as many numbers are kept while it learns. */
const MOST_WEIGHTS = 2 ** 27;
/** A thread has an engine and a heap of its own, some 40 MB. */
const THREADS_PER_CORE = 4;
const FEWEST_THREADS = 16;

/** What no machine like this one can hold is refused before it is tried. */
export function checkSizes({ threads = 1 }: TrainOptions, data: Dataset, { hidden }: ComparisonSettings): void {
  const sizes = [data.featureCount, ...hidden, Math.max(1, data.classes.length)];
  const weights = sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i]!, 0);
  if (weights > MOST_WEIGHTS)
    throw new UsageError(`train: --hidden must make at most ${MOST_WEIGHTS} weights, got ${weights}`);
  const most = Math.max(FEWEST_THREADS, THREADS_PER_CORE * availableParallelism());
  if (threads > most) throw new UsageError(`train: --threads must be at most ${most} on this machine, got ${threads}`);
}

/** The pictures that a report may have. */
const PICTURES: readonly string[] = [
  ...["nll", "test-error", "calibration-error", "curves-nll", "curves-test-error", "curves-training-loss"],
  ...["reliability", "first-layer-1", "predicted-1", "coverage", "transforms"],
];

/** Before anything is read: what is written takes the place of nothing that is read, or was not named. */
export function checkPaths({ data, model, out, variant, label, export: path, force }: TrainOptions): void {
  checkFolder("train: --out", out);
  const read: NamedPath[] = [
    ["--data", data],
    ["--label", label],
    ...variant.map((file): NamedPath => ["--variant", file]),
  ];
  checkOutside("train", ["--out", out], [...read, ["--export", path]]);
  if (!force) checkReportFolder("train: --out", out, PICTURES, ["comparison.json"]);
  if (path === undefined) return;
  if (model !== DEFAULT_MODEL) throw new UsageError(`train: --export goes with --model ${DEFAULT_MODEL}, got ${model}`);
  const outputs: NamedPath[] = [
    ["--out", join(out, "comparison.json")],
    ["--export", path],
    ["the test rows of --export", rowsPath(path)],
    ["the columns of --export", columnsPath(path)],
  ];
  checkApart("train", outputs, read);
  checkFile("train: --export", path);
  if (targetOf(path).kind !== "file")
    throw new UsageError(`train: --export must be a file, since others are written beside it, got ${path}`);
}

/** Test rows and columns are written beside the model, under names that nobody typed. */
export async function checkBeside(
  { export: path, force }: TrainOptions,
  data: Dataset,
  settings: ComparisonSettings,
): Promise<void> {
  const beside: [string, string, () => Iterable<string> | Promise<Iterable<string>>][] = [];
  if (data.columns !== undefined) beside.push([columnsPath(path!), "columns", () => [columnsText(data)]]);
  if (data.test === undefined) beside.push([rowsPath(path!), "rows", () => heldOutCsv(data, settings)]);
  for (const [file, what, content] of beside) {
    checkFile("train: --export", file);
    if (force || !existsSync(file) || isSame(file, await content())) continue;
    throw new UsageError(
      `train: --export would replace ${file}, which has other ${what}; choose another name, or pass --force`,
    );
  }
}

/** Whether a file has exactly this text. */
function isSame(path: string, pieces: Iterable<string>): boolean {
  const file = readFileSync(path);
  let at = 0;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    if (!bytes.equals(file.subarray(at, at + bytes.length))) return false;
    at += bytes.length;
  }
  return at === file.length;
}
