// From what the model puts out to numbers that statistics are made of: probabilities of classes, or values and their variances.

import type { GraphView } from "../graph/view.js";
import { isOperator } from "../graph/view.js";
import { halfToNumber } from "../half.js";
import { toNumber } from "../protobuf/types.js";
import type { OrtTensor } from "./ort.js";

/** What the first output is taken for. */
export type AnswerKind = "probabilities" | "logits" | "values";

/** What the model predicts besides its answer: the noise it expects in the data. */
export interface NoiseOutput {
  readonly name: string;
  /** Whether the output is the variance, or its logarithm. */
  readonly isLog: boolean;
}

/**
 * What an output is, by the operator that makes it: Softmax and Sigmoid give probabilities. Anything else with two columns or more is
 * taken for logits, one column for a value.
 */
export function guessKind(view: GraphView, output: string): AnswerKind {
  const node = view.producer(output);
  if (node !== undefined && (isOperator(node, "Softmax") || isOperator(node, "Sigmoid"))) return "probabilities";
  if (node !== undefined && isOperator(node, "LogSoftmax")) return "logits"; // the softmax of log-probabilities is the probabilities
  const dims = view.info(output)?.type?.tensorType?.shape?.dim;
  if (dims === undefined) return "logits";
  const isColumn = dims.length === 2 && !dims[1]!.dimParam && toNumber(dims[1]!.dimValue) === 1;
  return dims.length !== 2 || isColumn ? "values" : "logits";
}

/** Numbers of an output as floats. float16 comes as its bits, where JavaScript has no array for it. */
export function floatsOf(tensor: OrtTensor): Float32Array | Float64Array {
  const { data } = tensor;
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (tensor.type === "float16" && data instanceof Uint16Array) return Float32Array.from(data, halfToNumber);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}

/** How many classes an output of so many columns speaks of: a single column is the second of two classes. */
export const classCount = (columns: number): number => (columns === 1 ? 2 : columns);

/** Turns rows of the output into probabilities, in float64. */
export function toProbabilities(
  raw: Float32Array | Float64Array,
  columns: number,
  kind: "probabilities" | "logits",
): Float64Array {
  if (columns === 1) {
    const out = new Float64Array(2 * raw.length);
    raw.forEach((value, i) => {
      const p = kind === "logits" ? 1 / (1 + Math.exp(-value)) : value;
      out[2 * i] = 1 - p;
      out[2 * i + 1] = p;
    });
    return out;
  }
  const out = Float64Array.from(raw);
  if (kind === "logits") for (let start = 0; start < out.length; start += columns) softmaxInPlace(out, start, columns);
  return out;
}

function softmaxInPlace(values: Float64Array, start: number, n: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < start + n; i++) largest = Math.max(largest, values[i]!);
  let sum = 0;
  for (let i = start; i < start + n; i++) {
    values[i] = Math.exp(values[i]! - largest);
    sum += values[i]!;
  }
  for (let i = start; i < start + n; i++) values[i]! /= sum;
}
