// A variant in a small network, and what it makes of ones, for tests that hold it to the library's layers.

import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { Dropout, type Key, key } from "hadamask";
import { expect } from "vitest";
import type { ModelKind } from "../../src/kinds.js";
import { buildModel } from "../../src/models/build.js";
import type { Draws, Model } from "../../src/models/model.js";
import { activate } from "../../src/variants/activate.js";
import type { ActiveVariant } from "../../src/variants/active.js";
import { readVariant } from "../../src/variants/spec.js";

export const KEY = key(11);
export const [BATCH, STEP, RATE, INPUT_RATE] = [5, 3, 0.4, 0.25];
export const STEPS = 12;
export const OPTIONS = { features: 24, image: { height: 6, width: 4 }, outputs: 3, activation: "relu" } as const;
export const HIDDEN: Readonly<Record<ModelKind, readonly number[]>> = {
  mlp: [7],
  cnn: [3, 4],
  gru: [5],
  lstm: [5],
  residual: [7, 7, 7],
};

export function withVariant(
  kind: ModelKind,
  name: string,
  step = STEP,
): { model: Model; variant: ActiveVariant; draws: Draws } {
  const model = buildModel(kind, { ...OPTIONS, hidden: HIDDEN[kind] });
  const variant = activate(readVariant(`${name}:${RATE}`, INPUT_RATE, kind), model, KEY, STEPS);
  return { model, variant, draws: variant.train(step, BATCH) };
}

export const valuesOf = (array: JaxArray): Float32Array => array.dataSync() as Float32Array;
export const onesOf = (n: number): Float32Array => new Float32Array(n).fill(1);

/** What the variant makes of ones at every place of activations. */
export function multipliersAt(kind: ModelKind, name: string, step = STEP) {
  const { model, variant, draws } = withVariant(kind, name, step);
  return model.places.map((place) => {
    const shape = [BATCH, ...place.shape];
    return { place, shape, values: valuesOf(variant.hooks.activations!(np.ones(shape), place, draws, {})) };
  });
}

export interface MaskedLayer {
  forward(x: Float32Array, options: { step: number; shape: number[] }): Float32Array;
}

export const elementwise = (at: Key, rate: number): MaskedLayer => {
  const layer = new Dropout({ rate, key: at });
  return { forward: (x, { step }) => layer.forward(x, { step }) };
};

export function mostApart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
