// What noise is in a graph: drawn outside as plain arrays, applied inside, where learned parameters get their
// gradients. Knows no distribution and no network.

import "./navigator.js";
import { type Array as JaxArray, nn, numpy as np } from "@jax-js/jax";
import { checkCount, checkIndex, checkKey, sizeOf } from "../check.js";
import { deriveKey, TAG } from "../random/derive.js";
import { drawNormals } from "../random/normal.js";
import type { Key } from "../types.js";

/** Learned parameters by name: a jax-js tree. (A type, not an interface, as jax-js wants its trees.) */
export type Parameters<Name extends string> = { [name in Name]: JaxArray };

/** Draws of random inputs. Like every jax-js array they belong to the caller, and are freed by the first use. */
export interface Drawn {
  readonly key: Key;
  /**
   * The random input of training step `step` for a batch of `batch` rows: what the layer of the same name in
   * `hadamask` draws there.
   *
   * @throws {TypeError | RangeError} If `step` is not a whole number in [0, 2^53), or `batch` not one of at least 1.
   */
  train(step: number, batch: number): JaxArray;
  /** That of pass `pass` of Monte-Carlo prediction. Training draws neither move nor repeat. */
  sample(pass: number, batch: number): JaxArray;
}

/**
 * Noise on activations. All functions of the graph take over the arrays they are given, as jax-js functions do.
 */
export interface ActivationNoise<Name extends string> extends Drawn {
  /** The learned parameters to begin with, in new arrays; empty where nothing is learned. */
  parameters(): Parameters<Name>;
  /** Activations with the noise of `draw`; without a draw those of mode "eval". */
  apply(h: JaxArray, parameters: Parameters<Name>, draw?: JaxArray): JaxArray;
  /** What learning costs: to be added to the mean loss of a row, divided by the number of training rows. A scalar. */
  penalty(parameters: Parameters<Name>): JaxArray;
}

/** Weights [inputs, outputs] and bias [outputs] of a dense layer. */
export type DenseParameters = { w: JaxArray; b: JaxArray };

/** Noise on the weights of a dense layer; functions of the graph take over the arrays they are given. */
export interface WeightNoise<Name extends string> extends Drawn {
  parameters(): Parameters<Name>;
  /** Pre-activations x w + b with the noise of `draw`; without a draw those of mode "eval". */
  apply(x: JaxArray, weights: DenseParameters, parameters: Parameters<Name>, draw?: JaxArray): JaxArray;
  /** As that of {@link ActivationNoise}; takes over the mean weights, without bias. */
  penalty(w: JaxArray, parameters: Parameters<Name>): JaxArray;
}

/** Draws under the keys that a layer derives from `key` for its steps and passes. */
export function drawnUnder(where: string, key: unknown, draw: (key: Key, batch: number) => JaxArray): Drawn {
  const root = checkKey(where, key);
  const drawn = (tag: number, number: number, batch: number): JaxArray => draw(deriveKey(root, tag, number), batch);
  return {
    key: root,
    train: (step, batch) => drawn(TAG.step, checkIndex("train", "step", step), checkCount("train", "batch", batch)),
    sample: (pass, batch) => drawn(TAG.pass, checkIndex("sample", "pass", pass), checkCount("sample", "batch", batch)),
  };
}

/** Normal numbers 0, 1, … under `key`, rounded once to float32. */
export function normalArray(shape: readonly number[], key: Key): JaxArray {
  const values = new Float32Array(sizeOf(shape));
  drawNormals(values, key, 0);
  return np.array(values, { shape: [...shape] });
}

/** Parameters in float32. */
export const parameterArray = (values: ArrayLike<number>): JaxArray => np.array(Float32Array.from(values));

/**
 * Numbers below the shape of a row that a learned parameter may have: one for all, or one for each place on the last
 * axis.
 */
export function unitsOf(shape: readonly number[], per: "unit" | "layer"): number {
  return per === "layer" ? 1 : (shape.at(-1) ?? 1);
}

/** sqrt(v) with the derivative 0 at 0, where the root has none: a NaN there would spread over every gradient. */
export function safeSqrt(v: JaxArray): JaxArray {
  const isPositive = v.ref.greater(0);
  return np.where(isPositive.ref, np.sqrt(np.where(isPositive, v, 1)), 0);
}

/**
 * Beyond this the logistic function is 0 or 1 in float32, and jax-js's overflows on its way there: its gradient would
 * be NaN.
 */
const FLAT = 80;

/** The logistic function, with a finite gradient everywhere. */
export const safeSigmoid = (z: JaxArray): JaxArray => nn.sigmoid(np.clip(z, -FLAT, FLAT));
