// How measures are called and written, for classes and for values: the same words in findings, tables and figures.

import type { Comparison } from "./result.js";

/** What every comparison measures. */
export type MeasureName = "nll" | "ece" | "testError";

export interface Wording {
  readonly name: MeasureName;
  /** In a sentence: "test error". */
  readonly what: string;
  /** Over a figure: "Test error". */
  readonly title: string;
  /** "%", "nats"; of values in their own unit "". */
  readonly unit: string;
  /** Of differences: "points" where values are in percent. */
  readonly differenceUnit: string;
  /** From what is stored to the unit. */
  readonly factor: number;
  /** A value in the unit, without it. */
  show(value: number): string;
}

/**
 * Whether values are predicted, and not classes.
 *
 * @example
 * ```ts
 * import { predictsValues } from "@hadamask/experiments/settings";
 * console.log(predictsValues({ data: { target: { name: "price" } } as never })); // true
 * ```
 */
export const predictsValues = ({ data }: Pick<Comparison, "data">): boolean => data.target !== undefined;

/**
 * NLL and calibration first: they tell variants apart long before errors do.
 *
 * @example
 * ```ts
 * import { wordings } from "@hadamask/experiments/settings";
 * const found = wordings({ data: { classes: ["a", "b"] } as never });
 * console.log(found.map(({ name }) => name)); // [ 'nll', 'ece', 'testError' ]
 * ```
 */
export function wordings(comparison: Pick<Comparison, "data">): readonly Wording[] {
  const { target } = comparison.data;
  const nll = {
    name: "nll",
    what: "test NLL",
    title: "Test NLL",
    unit: "nats",
    differenceUnit: "",
    factor: 1,
  } as const;
  const percent = { unit: "%", differenceUnit: "points", factor: 100, show: decimals(2) } as const;
  if (target === undefined) {
    return [
      { ...nll, show: decimals(3) },
      { ...percent, name: "ece", what: "calibration error", title: "Calibration error" },
      { ...percent, name: "testError", what: "test error", title: "Test error" },
    ];
  }
  const own = { unit: "", differenceUnit: "", factor: 1, show: inUnit(target.deviation) } as const;
  return [
    { ...nll, show: decimals(3) },
    { ...percent, name: "ece", what: "calibration error of intervals", title: "Calibration error of intervals" },
    { ...own, name: "testError", what: "test RMSE", title: "Test RMSE" },
  ];
}

/**
 * How errors of values are written: as many decimals as a thousandth of their deviation needs.
 *
 * @example
 * ```ts
 * import { inUnit } from "@hadamask/experiments/settings";
 * console.log(inUnit(25)(1234.5678)); // 1234.57
 * ```
 */
export function inUnit(deviation: number): (value: number) => string {
  const count = Number.isFinite(deviation) && deviation > 0 ? 3 - Math.floor(Math.log10(deviation)) : 3;
  if (count > 12 || count < -12) return (value) => value.toExponential(3);
  return decimals(Math.max(0, count));
}

const decimals =
  (count: number) =>
  (value: number): string =>
    value.toFixed(count);

/**
 * How many numbers the networks of a comparison give for a row.
 *
 * @example
 * ```ts
 * import { outputsOf } from "@hadamask/experiments/settings";
 * const data = { target: { name: "price" }, classes: [] } as never;
 * console.log(outputsOf({ data, model: { noise: "learned" } as never })); // 2
 * ```
 */
export const outputsOf = ({ data, model }: Pick<Comparison, "data" | "model">): number =>
  data.target === undefined ? data.classes.length : model.noise === "learned" ? 2 : 1;
