// What the model's answers are: asked of the library, by the graph and the numbers of a few rows without dropout, and
// said in words. Knows no statistics.

import type { Answer, AnswerKind } from "@hadamask/onnx";
import { sizeOf } from "../data/size.js";
import { printable } from "../output/printable.js";
import { inCommandWords } from "./wording.js";

/** What --kind takes. */
export const KINDS = ["auto", "classes", "labels", "binary", "values", "pixels", "tokens", "anchors"] as const;

/** How many numbers or distributions a row has. */
export interface AnswerSizes {
  /** Classes of a distribution, labels, or values. */
  readonly columns: number;
  /** Distributions of a row: 1 but for pixels, tokens and anchors. */
  readonly positions: number;
}

/** The statistics that an answer is given. */
export type StatisticsKind = "classes" | "labels" | "positions" | "values";

export function statisticsKind(kind: AnswerKind): StatisticsKind {
  if (kind === "classes" || kind === "binary") return "classes";
  return kind === "labels" || kind === "values" ? kind : "positions";
}

export function sizesOf({ kind, dims, classAxis }: Answer): AnswerSizes {
  const size = sizeOf(dims);
  if (statisticsKind(kind) !== "positions") return { columns: kind === "binary" ? 2 : size, positions: 1 };
  const classes = classAxis === undefined ? 1 : dims[classAxis]!;
  return { columns: Math.max(2, classes), positions: size / classes };
}

/** "Output y is taken for classes (logits): kind … was asked for." */
export function answerText({ output, kind, scale, why }: Answer): string {
  const scaled = scale === "numbers" ? "" : ` (${scale})`;
  return `output ${printable(output)} is taken for ${kind}${scaled}: ${inCommandWords(why)}`;
}
