// What `hadamask train` does once its options are read: it reads the data, trains, judges, and writes the report.

import type { OwnVariant, TrainedRun } from "@hadamask/experiments";
import {
  type ComparisonResult,
  type ComparisonSettings,
  checkRequest,
  type Dataset,
  settingsFor,
  UsageError,
} from "@hadamask/experiments/settings";
import type { ColumnsAsked } from "../data/columns.js";
import type { TableAsked } from "../data/csv-table.js";
import { called } from "../output/called.js";
import { jsonText } from "../output/json.js";
import { type Progress, startProgress } from "../output/progress.js";
import { quoted } from "../output/quoted.js";
import type { Terminal } from "../output/terminal.js";
import { comparisonDamage, writeComparison } from "../train/comparison-file.js";
import { tableAsked } from "./column-options.js";
import { makeFolder } from "./paths.js";
import { checkBeside, checkPaths, checkSizes } from "./train-checks.js";
import { DEFAULT_OUT, type TrainOptions } from "./train-options.js";
import { trainRuns } from "./train-progress.js";

export async function runTrain(typed: TrainOptions, command: string, terminal: Terminal): Promise<void> {
  const own = await ownVariants(typed.variant);
  const options = { ...typed, variants: withOwn(typed.variants, own) };
  if (!(options.checkpoint > 0)) {
    throw new UsageError(`train: --checkpoint must be above 0, got ${options.checkpoint}`);
  }
  checkRequest(options, own);
  checkPaths(options);
  const data = await loadData(options.data, tableAsked(options), terminal);
  const settings = settingsFor(options, data);
  for (const note of data.notes ?? []) terminal.note(`train: ${data.name}: ${note}`);
  checkSizes(options, data, settings);
  if (options.export !== undefined) await checkBeside(options, data, settings);
  makeFolder("train: --out", options.out);
  const damage = options.resume ? comparisonDamage(options.out) : undefined;
  if (damage !== undefined) terminal.note(`train: ${damage}; it is made again from the runs`);
  const out = options.out === DEFAULT_OUT ? "" : ` --out ${quoted(options.out)}`;
  const runs = await trainRuns(data, settings, options, command + out, terminal);

  const { summarise } = await import("@hadamask/experiments/statistics");
  const { versions } = await import("../train/versions.js");
  const result = summarise(runs, { data, settings, command, versions: versions(), own });
  const json = `${jsonText(result.comparison, 2)}\n`;
  writeComparison(options.out, json);
  const { writeReport } = await import("../train/report/write-report.js");
  const [page] = writeReport(result, options.out);
  const exported = options.export === undefined ? undefined : await exportTo(options.export, data, settings, runs);
  if (options.json) await terminal.write(json);
  else await terminal.write(await asText(result, out, page!, terminal));
  if (exported !== undefined) terminal.note(exported);
}

/** The engine is loaded only where there are any. */
export async function ownVariants(files: readonly string[]): Promise<readonly OwnVariant[]> {
  if (files.length === 0) return [];
  const { loadVariants } = await import("../train/own-variants.js");
  return loadVariants(files);
}

/** Variants of the user's own come last, where nobody says where. */
export function withOwn(variants: readonly string[], own: readonly OwnVariant[]): string[] {
  const named = variants.map((variant) => variant.split(":")[0]);
  return [...variants, ...own.map(({ name }) => name).filter((name) => !named.includes(name))];
}

/** Loads what `--data` names; a download has a bar. */
export async function loadData(what: string, columns: TableAsked & ColumnsAsked, terminal: Terminal): Promise<Dataset> {
  const { loadDataset } = await import("../data/load.js");
  let progress: (Progress & { readonly file: string }) | undefined;
  const onDownload = (file: string, received: number, total: number): void => {
    if (progress?.file !== file) {
      progress?.stop();
      progress = { file, ...startProgress(terminal, total) };
      progress.log(`downloading ${file}, ${(total / 1e6).toFixed(1)} MB`);
    }
    progress.update(received, file);
  };
  try {
    return await loadDataset(what, { onDownload, ...columns });
  } finally {
    progress?.stop();
  }
}

/** Writes the model and says what came of it, and what to do with it. */
async function exportTo(
  path: string,
  data: Dataset,
  settings: ComparisonSettings,
  runs: readonly TrainedRun[],
): Promise<string> {
  const { exportRun } = await import("../train/export.js");
  const { model, rows, label, id, variant, seed } = exportRun(path, data, settings, runs);
  const names = id === undefined ? "" : ` --id ${quoted(id)}`;
  const next =
    rows === undefined
      ? ""
      : `; next: ${called()} uncertainty ${quoted(model)} ${quoted(rows)} --labels ${quoted(label)}${names}`;
  const also = rows === undefined ? "" : `, and its test rows to ${rows}`;
  return `train: wrote ${variant}, seed ${seed}, to ${model}${also}${next}`;
}

async function asText(result: ComparisonResult, out: string, page: string, terminal: Terminal): Promise<string> {
  const { comparisonText, nextSteps } = await import("../train/print.js");
  const steps = nextSteps(result.comparison, out);
  return [
    comparisonText(result, terminal.paint),
    `\n${terminal.paint.bold("Report")}: ${page}\n`,
    `\n${terminal.paint.bold("Try next")}\n`,
    ...steps.map(([line, what]) => `  ${line}\n      ${terminal.paint.dim(what)}\n`),
  ].join("");
}
