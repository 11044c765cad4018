// A sweep's result as CSV: a row for each configuration, or for each configuration and seed.

import type { Measure, SweepConfig, SweepResult } from "@hadamask/experiments/settings";
import { csvCell } from "../files/csv.js";
import { predictsValues, scoresOf } from "./scores.js";

const NAMES = [
  "data",
  "model",
  "hidden",
  "activation",
  "trainRows",
  "learningRate",
  "inputRate",
  "batchSize",
  "epochs",
];

const settingsCells = (config: SweepConfig): string[] => [
  ...[config.data, config.model, config.hidden.join("-"), config.activation].map(csvCell),
  ...[config.trainRows, config.learningRate, config.inputRate, config.batchSize, config.epochs].map(String),
  csvCell(config.variant),
  csvCell(config.kind),
  String(config.rate ?? ""),
];

/** Of classes the share of wrong ones, of values the root mean square error. */
const validationNames = (result: SweepResult): string[] => [
  "validationNll",
  predictsValues(result) ? "validationRmse" : "validationError",
];

const measureCells = ({ mean, ci95 }: Measure): string[] =>
  [mean, ci95?.[0], ci95?.[1]].map((value) => String(value ?? ""));

/** Means over the seeds, with the ends of their 95 % intervals. */
export function configsCsv(result: SweepResult): string {
  const scores = scoresOf(result);
  const measures = scores.flatMap(({ column }) => [column, `${column}Lower`, `${column}Upper`]);
  const heading = [...NAMES, "variant", "kind", "rate", ...validationNames(result), ...measures];
  const rows = result.configs.map((config) => [
    ...settingsCells(config),
    String(config.validation?.nll.mean ?? ""),
    String(config.validation?.error.mean ?? ""),
    ...scores.flatMap(({ name }) => measureCells(config[name]!)),
  ]);
  return [heading, ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}

/** The scores of every seed. */
export function* runsCsv(result: SweepResult): Generator<string> {
  const scores = scoresOf(result);
  const columns = scores.map(({ column }) => column);
  yield `${[...NAMES, "variant", "kind", "rate", "seed", ...validationNames(result), ...columns].join(",")}\n`;
  for (const config of result.configs) {
    const settings = settingsCells(config).join(",");
    for (const [s, seed] of result.seeds.entries()) {
      const { validation } = config;
      const chosenBy = [validation?.nll.perSeed[s], validation?.error.perSeed[s]].map((value) => String(value ?? ""));
      const measured = scores.map(({ name }) => config[name]!.perSeed[s]);
      yield `${[settings, seed, ...chosenBy, ...measured].join(",")}\n`;
    }
  }
}
