// What is asked of a sweep: a list of values for each quantity that spans the grid, and what all runs share.
// Knows no data set and no folder.

import { DEFAULT_MODEL, type ModelKind, type Noise, UsageError } from "@hadamask/experiments/settings";
import type { ColumnsAsked } from "../data/columns.js";
import type { TableAsked } from "../data/csv-table.js";

/** A data set, as `--data` names it, and which of its columns are what. */
export interface DataAsked extends TableAsked, Pick<ColumnsAsked, "label"> {
  readonly what: string;
}

/** Lists span the grid; an empty one leaves the choice to the model and the data. */
export interface SweepRequest {
  readonly data: readonly DataAsked[];
  readonly model: readonly ModelKind[];
  readonly hidden: readonly (readonly number[])[];
  readonly activation: readonly ("relu" | "tanh" | "selu")[];
  readonly trainSize: readonly number[];
  readonly learningRate: readonly number[];
  readonly inputRate: readonly number[];
  readonly batchSize: readonly number[];
  readonly epochs: readonly number[];
  readonly variants: readonly string[];
  /** Each variant that takes a rate, and is written without one, stands for one variant a rate. */
  readonly rates: readonly number[];
  readonly seeds: number;
  readonly firstSeed: number;
  /** Undefined: the test rows are asked about once, at the end. */
  readonly evaluate: number | undefined;
  /** Share of the training rows that is held back to choose by. */
  readonly validation: number;
  /** Of values that are predicted. */
  readonly noise: Noise | undefined;
}

export type Asked = { readonly [Name in keyof SweepRequest]?: SweepRequest[Name] };

/** @throws {UsageError} If a value stands twice in a list. */
export function withDefaults(asked: Asked): SweepRequest {
  const request: SweepRequest = {
    data: asked.data ?? [{ what: "optdigits" }],
    model: asked.model ?? [DEFAULT_MODEL],
    hidden: asked.hidden ?? [],
    activation: asked.activation ?? [],
    trainSize: asked.trainSize ?? [],
    learningRate: asked.learningRate ?? [],
    inputRate: asked.inputRate ?? [0.1],
    batchSize: asked.batchSize ?? [],
    epochs: asked.epochs ?? [],
    variants: asked.variants ?? [],
    rates: asked.rates ?? [],
    seeds: asked.seeds ?? 5,
    firstSeed: asked.firstSeed ?? 0,
    evaluate: asked.evaluate,
    validation: asked.validation ?? VALIDATION,
    noise: asked.noise,
  };
  for (const [name, list] of Object.entries(request)) {
    if (!Array.isArray(list)) continue;
    const texts = list.map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
    const twice = texts.find((text, i) => texts.indexOf(text) !== i);
    if (twice !== undefined) throw new UsageError(`sweep: --${optionOf(name)}: ${twice} is there twice`);
  }
  return request;
}

/** As early stopping holds back. */
const VALIDATION = 0.2;

/** "train-size" for trainSize. */
const optionOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
