// The options of `hadamask sweep`: how lists are read, and the line that asks for the same numbers again.

import { MODELS } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import type { ColumnsAsked } from "../data/columns.js";
import type { TableAsked } from "../data/csv-table.js";
import { quoted } from "../output/quoted.js";
import type { Asked } from "../sweep/request.js";
import type { Readers } from "../sweep/spec-file.js";
import { choiceOption, countOption, numberOption, numbersOption, wholeOption, wholesOption } from "./options.js";
import { variantList } from "./train-options.js";

/** What the command does, besides which runs there are. */
export interface SweepOptions extends TableAsked, Pick<ColumnsAsked, "label"> {
  readonly out: string;
  readonly resume?: true;
  readonly threads?: number;
  readonly checkpoint: number;
  readonly variant: readonly string[];
  readonly shard?: string;
  readonly queue?: string;
  readonly name: string;
  readonly attempts: number;
  readonly send: number;
  readonly lock: number;
  readonly force?: true;
  readonly json?: true;
}

const listOf =
  <T>(reader: (text: string) => T, separator: string) =>
  (text: string): T[] =>
    text.split(separator).map((entry) => reader(entry.trim()));

const option = (name: string): string => `sweep: --${name}`;

/** The quantities of a grid, each read from the text of its option or of a SPEC file. */
export const READERS = {
  model: listOf(choiceOption(option("model"), MODELS), ","),
  hidden: listOf(wholesOption(option("hidden")), ";"),
  activation: listOf(choiceOption(option("activation"), ["relu", "tanh", "selu"] as const), ","),
  trainSize: wholesOption(option("train-size")),
  learningRate: numbersOption(option("learning-rate")),
  inputRate: numbersOption(option("input-rate")),
  batchSize: wholesOption(option("batch-size")),
  epochs: wholesOption(option("epochs")),
  variants: variantList,
  rates: numbersOption(option("rates")),
  seeds: countOption(option("seeds")),
  firstSeed: wholeOption(option("first-seed")),
  evaluate: countOption(option("evaluate")),
  validation: numberOption(option("validation")),
  noise: choiceOption(option("noise"), ["fixed", "learned"] as const),
} satisfies Readers;

/** The options that span the grid; `--data` is a text, to be joined with the options of columns. */
export type GridOptions = Omit<Asked, "data">;

/** What was typed of the grid. */
export function askedOnLine(options: GridOptions): GridOptions {
  const names = Object.keys(READERS) as (keyof typeof READERS)[];
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

/** What changes no number: it is left out of the command that a result carries. */
const WITHOUT = "out resume threads checkpoint shard queue name attempts send lock force json".split(" ");

/** The command that gives the same numbers, on one machine or many. */
export function sweepLine(command: Command, spec: string | undefined): string {
  const typed = command.options.filter((known) => {
    const name = known.attributeName();
    return command.getOptionValueSource(name) === "cli" && !WITHOUT.includes(name);
  });
  const words = typed.flatMap((known) => {
    const name = known.attributeName();
    const value: unknown = command.getOptionValue(name);
    const values = name === "variant" || name === "data" ? (value as string[]) : [textOf(name, value)];
    return values.flatMap((one) => [known.long!, quoted(String(one))]);
  });
  return ["hadamask sweep", ...(spec === undefined ? [] : [quoted(spec)]), ...words].join(" ");
}

/** "256,256;1024" again. */
const textOf = (name: string, value: unknown): string =>
  name === "hidden" ? (value as number[][]).map(String).join(";") : String(value);
