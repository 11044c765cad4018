// Right answers of every kind, from the texts of a file to what a prediction is held against.

import { UsageError } from "@hadamask/experiments/settings";
import type { Answer } from "@hadamask/onnx";
import { isNumber, quote } from "../data/cells.js";
import { DataError } from "../data/data-error.js";
import { sizesOf, statisticsKind } from "./kind.js";
import { classNumbers, labelValues } from "./labels.js";

/** Of all rows, in C order. */
export type Right =
  | { readonly kind: "classes"; readonly labels: Int32Array }
  /** rows x positions. */
  | { readonly kind: "positions"; readonly labels: Int32Array }
  /** rows x labels: 1 where the label is there. */
  | { readonly kind: "labels"; readonly labels: Int32Array }
  /** rows x values; rows where the values are quantiles of one. */
  | { readonly kind: "values"; readonly values: Float64Array };

export interface RightTexts {
  /** Where they are from. */
  readonly path: string;
  /** rows x columns. */
  readonly texts: readonly string[];
  readonly rows: number;
  /** What the model calls its classes. */
  readonly names: readonly string[] | undefined;
  /** Whether the values of a row are quantiles of one. */
  readonly areQuantiles: boolean;
}

/** @throws {DataError | UsageError} Naming the row, if an answer cannot be one of the model's. */
export function rightAnswers({ path, texts, rows, names, areQuantiles }: RightTexts, answer: Answer): Right {
  const kind = statisticsKind(answer.kind);
  const { columns, positions } = sizesOf(answer);
  const perRow = texts.length / rows;
  if (kind === "values") {
    checkColumns(
      perRow,
      areQuantiles ? 1 : columns,
      areQuantiles ? "one value" : `${columns} values`,
      logitsAdvice(columns),
    );
    return { kind, values: labelValues(path, texts, perRow) };
  }
  if (kind === "labels") {
    checkColumns(perRow, columns, `${columns} labels, 0 or 1 each,`, "");
    return { kind, labels: presence(path, texts, columns) };
  }
  checkColumns(perRow, positions, positions === 1 ? "one class" : `${positions} classes`, "");
  return { kind, labels: classNumbers(path, texts, columns, names, perRow) };
}

const logitsAdvice = (columns: number): string =>
  columns > 1 ? "; if these are logits of classes, say --kind classes" : "";

function checkColumns(perRow: number, wanted: number, what: string, advice: string): void {
  if (perRow === wanted) return;
  throw new UsageError(`uncertainty: --labels must have ${what} a row like the model's answer, got ${perRow}${advice}`);
}

function presence(path: string, texts: readonly string[], labels: number): Int32Array {
  return Int32Array.from(texts, (text, i) => {
    const value = isNumber(text) ? Number(text) : Number.NaN;
    if (value === 0 || value === 1) return value;
    throw new DataError(
      `${path}: row ${Math.floor(i / labels) + 1}: label ${(i % labels) + 1} must be 0 or 1, got ${quote(text)}`,
    );
  });
}
