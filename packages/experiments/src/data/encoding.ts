// How the columns of a table become the features of a row: a number as it is, a category as one feature for each of its
// values. Plain data, so that it goes into files and models. Knows no text format.

/** What one column of a table became. */
export type ColumnCode = NumberCode | CategoryCode;

interface Code {
  /** As in the heading, or "column 3" where there is none. */
  readonly name: string;
  /**
   * Whether values may be missing. "mean": they are NaN, which becomes the mean of the training rows; "indicator": a
   * further feature, the last of the column, is 1 for those besides, else 0.
   */
  readonly missing?: "mean" | "indicator";
}

/** One feature. */
export interface NumberCode extends Code {
  readonly kind: "number";
}

/** A feature for each category: 1 for that of the row, else 0. */
export interface CategoryCode extends Code {
  readonly kind: "category";
  readonly categories: readonly string[];
}

/**
 * How many features a column became.
 *
 * @example
 * ```ts
 * import { widthOf } from "@hadamask/experiments/settings";
 * console.log(widthOf({ kind: "category", name: "colour", categories: ["red", "blue"], missing: "indicator" })); // 3
 * ```
 */
export const widthOf = (code: ColumnCode): number =>
  (code.kind === "number" ? 1 : code.categories.length) + (code.missing === "indicator" ? 1 : 0);

/**
 * How many features a table has.
 *
 * @example
 * ```ts
 * import { featuresOf } from "@hadamask/experiments/settings";
 * const age = { kind: "number", name: "age" } as const;
 * console.log(featuresOf([age, { kind: "category", name: "colour", categories: ["red", "blue"] }])); // 3
 * ```
 */
export const featuresOf = (codes: readonly ColumnCode[]): number => codes.reduce((sum, code) => sum + widthOf(code), 0);

/** A cell: a number, the index of a category, or nothing. */
export type CodedCell = number | undefined;

/**
 * Writes one cell's features at `at`.
 *
 * @example
 * ```ts
 * import { encodeCell } from "@hadamask/experiments/settings";
 * const row = new Float32Array(3);
 * encodeCell({ kind: "category", name: "colour", categories: ["red", "blue", "green"] }, 1, row, 0);
 * console.log(row); // Float32Array(3) [ 0, 1, 0 ]
 * ```
 */
export function encodeCell(code: ColumnCode, cell: CodedCell, out: Float32Array, at: number): void {
  const size = code.kind === "number" ? 1 : code.categories.length;
  for (let i = 0; i < size; i++) {
    if (cell === undefined) out[at + i] = Number.NaN;
    else out[at + i] = code.kind === "number" ? cell : i === cell ? 1 : 0;
  }
  if (code.missing === "indicator") out[at + size] = cell === undefined ? 1 : 0;
}

/**
 * The cell that features at `at` are of.
 *
 * @example
 * ```ts
 * import { decodeCell } from "@hadamask/experiments/settings";
 * console.log(decodeCell({ kind: "category", name: "colour", categories: ["red", "blue"] }, [0, 1], 0)); // 1
 * ```
 */
export function decodeCell(code: ColumnCode, features: ArrayLike<number>, at: number): CodedCell {
  if (Number.isNaN(features[at]!)) return undefined;
  if (code.kind === "number") return features[at]!;
  return code.categories.findIndex((_, i) => features[at + i] === 1);
}

/**
 * What each feature is called: "age", "colour = red", "age is missing".
 *
 * @example
 * ```ts
 * import { featureNames } from "@hadamask/experiments/settings";
 * const age = { kind: "number", name: "age", missing: "indicator" } as const;
 * console.log(featureNames([age])); // [ 'age', 'age is missing' ]
 * ```
 */
export const featureNames = (codes: readonly ColumnCode[]): string[] =>
  codes.flatMap((code) => [
    ...(code.kind === "number" ? [code.name] : code.categories.map((category) => `${code.name} = ${category}`)),
    ...(code.missing === "indicator" ? [`${code.name} is missing`] : []),
  ]);
