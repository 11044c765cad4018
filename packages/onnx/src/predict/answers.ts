// From what the model puts out to numbers that statistics are made of: probabilities of classes, or values and their
// variances.

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
 * What an output is, by the operator that makes it: Softmax and Sigmoid give probabilities. Anything else with two
 * columns or more is taken for logits, one column for a value.
 */
export function guessKind(view: GraphView, output: string): AnswerKind {
  const node = view.producer(output);
  if (node !== undefined && (isOperator(node, "Softmax") || isOperator(node, "Sigmoid"))) return "probabilities";
  // the softmax of log-probabilities is the probabilities
  if (node !== undefined && isOperator(node, "LogSoftmax")) return "logits";
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

/**
 * Turns outputs into probabilities, in place: `columns` x passes numbers, one column after the other. A single column
 * becomes the second of two, so there has to be room for one more.
 */
export function toProbabilities(values: Float64Array, columns: number, kind: "probabilities" | "logits"): void {
  if (columns === 1) {
    const count = values.length / 2;
    for (let t = 0; t < count; t++) {
      const p = kind === "logits" ? 1 / (1 + Math.exp(-values[t]!)) : values[t]!;
      values[t] = 1 - p;
      values[count + t] = p;
    }
  } else if (kind === "logits") softmax(values, columns);
}

/** Over the columns of each pass, without overflow. */
function softmax(values: Float64Array, columns: number): void {
  const count = values.length / columns;
  for (let t = 0; t < count; t++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = t; i < values.length; i += count) if (values[i]! > largest) largest = values[i]!;
    let sum = 0;
    for (let i = t; i < values.length; i += count) {
      values[i] = Math.exp(values[i]! - largest);
      sum += values[i]!;
    }
    for (let i = t; i < values.length; i += count) values[i]! /= sum;
  }
}
