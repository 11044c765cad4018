// A sweep's result as CSV: a row for each configuration, or for each configuration and seed.

import type { Measure, SweepConfig, SweepResult } from "@hadamask/experiments/settings";
import { csvCell } from "../files/csv.js";

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

const MEASURES = ["nll", "testError", "ece"] as const;

const measureCells = ({ mean, ci95 }: Measure): string[] =>
  [mean, ci95?.[0], ci95?.[1]].map((value) => String(value ?? ""));

/** Means over the seeds, with the ends of their 95 % intervals. */
export function configsCsv({ configs }: SweepResult): string {
  const measures = MEASURES.flatMap((name) => [name, `${name}Lower`, `${name}Upper`]);
  const heading = [...NAMES, "variant", "kind", "rate", "validationNll", "validationError", ...measures];
  const rows = configs.map((config) => [
    ...settingsCells(config),
    String(config.validation?.nll.mean ?? ""),
    String(config.validation?.error.mean ?? ""),
    ...MEASURES.flatMap((name) => measureCells(config[name])),
  ]);
  return [heading, ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}

/** The scores of every seed. */
export function* runsCsv({ configs, seeds }: SweepResult): Generator<string> {
  yield `${[...NAMES, "variant", "kind", "rate", "seed", "validationNll", "validationError", ...MEASURES].join(",")}\n`;
  for (const config of configs) {
    const settings = settingsCells(config).join(",");
    for (const [s, seed] of seeds.entries()) {
      const { validation } = config;
      const scores = [validation?.nll.perSeed[s], validation?.error.perSeed[s]].map((value) => String(value ?? ""));
      yield `${[settings, seed, ...scores, ...MEASURES.map((name) => config[name].perSeed[s])].join(",")}\n`;
    }
  }
}
