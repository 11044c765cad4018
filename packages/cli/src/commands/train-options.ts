// What was asked of `hadamask train`: its options as typed, and the line that asks for the same numbers again.

import type { TrainRequest } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import { isNumber } from "../data/cells.js";
import type { ColumnsAsked } from "../data/columns.js";
import type { TableAsked } from "../data/csv-table.js";
import { quoted } from "../output/quoted.js";

export const DEFAULT_OUT = "report";

export interface TrainOptions extends TrainRequest, TableAsked, ColumnsAsked {
  readonly data: string;
  readonly out: string;
  readonly export?: string;
  readonly resume?: true;
  readonly variant: readonly string[];
  /** Minutes. */
  readonly checkpoint: number;
  readonly force?: true;
  readonly threads?: number;
  readonly json?: true;
}

/** Options whose defaults depend on the model have none in commander. */
export type Typed = Omit<TrainOptions, "variants" | "hidden" | "activation"> & Partial<TrainOptions>;

export const collect = (file: string, before: readonly string[]): string[] => [...before, file];

/** Variants; "bernoulli:+0.50" is "bernoulli:0.5" in all that follows, so that nothing is trained twice. */
export const variantList = (text: string): string[] =>
  text.split(",").map((entry) => {
    const [kind, ...values] = entry.trim().split(":");
    return [kind, ...values.map((value) => (isNumber(value) ? String(Number(value)) : value))].join(":");
  });

/** The command that gives the same numbers: what was typed, without what changes none. */
export function commandLine(command: Command): string {
  const without = ["out", "export", "resume", "force", "threads", "checkpoint", "json"];
  const typed = command.options.filter(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === "cli" && !without.includes(option.attributeName()),
  );
  const words = typed.flatMap((option) => {
    const value = command.getOptionValue(option.attributeName());
    const isRepeated = option.attributeName() === "variant";
    const values = isRepeated ? (value as string[]) : [value];
    return values.flatMap((one) => [option.long!, quoted(String(one))]);
  });
  return ["hadamask train", ...words].join(" ");
}
