// From what the model puts out to probabilities, and where the distributions of a row lie in its output.

import { sizeOf } from "../size.js";
import type { Answer } from "./answer.js";

/** Where the numbers of a row's distributions are: number k of distribution (o, i) is at (o * size + k) * inner + i. */
export interface Distributions {
  /** How many a row has. */
  readonly count: number;
  /** Numbers that the model gives for each. */
  readonly size: number;
  readonly inner: number;
  /** Classes of each: 2 where the model gives one number. */
  readonly classes: number;
}

/** The distributions of an answer; undefined for values. */
export function distributionsOf({ kind, classAxis, dims }: Answer): Distributions | undefined {
  if (kind === "values") return undefined;
  if (kind === "labels" || kind === "binary" || classAxis === undefined) {
    return { count: sizeOf(dims), size: 1, inner: 1, classes: 2 };
  }
  const size = dims[classAxis]!;
  return {
    count: sizeOf(dims) / size,
    size,
    inner: sizeOf(dims.slice(classAxis + 1)),
    classes: size === 1 ? 2 : size,
  };
}

/** Shape of the distributions of a row: the output's without the axis of the classes. Empty where a row has one. */
export function positionsOf({ kind, classAxis, dims }: Answer): readonly number[] {
  if (kind === "classes" || kind === "binary" || kind === "values") return [];
  return kind === "labels" ? dims : dims.filter((_, axis) => axis !== classAxis);
}

/**
 * Turns the numbers of one distribution in some passes into probabilities, in place: `size` x passes numbers, one
 * column after the other. A single column becomes the second of two, so there has to be room for one more.
 */
export function toProbabilities(values: Float64Array, size: number, scale: Answer["scale"]): void {
  if (size === 1) {
    const count = values.length / 2;
    for (let t = 0; t < count; t++) {
      const p = scale === "logits" ? 1 / (1 + Math.exp(-values[t]!)) : values[t]!;
      values[t] = 1 - p;
      values[count + t] = p;
    }
  } else if (scale === "logits") softmax(values, size);
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
