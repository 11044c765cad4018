// The settings of a configuration as a reader sees them: "256-256", "0.001". Knows no figure and no table.

import type { SweepConfig, SweepResult } from "@hadamask/experiments/settings";

export type Quantity = SweepResult["swept"][number];

export const TITLES: Readonly<Record<Quantity, string>> = {
  data: "data",
  model: "network",
  hidden: "widths",
  activation: "activation",
  trainRows: "training rows",
  learningRate: "learning rate",
  inputRate: "input rate",
  batchSize: "batch size",
  epochs: "epochs",
  variant: "variant",
  rate: "rate",
};

export function shown(config: SweepConfig, quantity: Quantity): string {
  if (quantity === "hidden") return config.hidden.join("-");
  if (quantity === "variant") return config.kind;
  return String(config[quantity] ?? "");
}

/** What was chosen from: all that was swept but the task and the kind. */
const chosenAmong = (swept: readonly Quantity[]): Quantity[] =>
  swept.filter((quantity) => !["data", "trainRows", "variant"].includes(quantity));

/** "rate 0.5, widths 256-256"; empty where nothing but the task and the kind was swept. */
export const chosenText = (config: SweepConfig, swept: readonly Quantity[]): string =>
  chosenAmong(swept)
    .filter((quantity) => shown(config, quantity) !== "")
    .map((quantity) => `${TITLES[quantity]} ${shown(config, quantity)}`)
    .join(", ");
