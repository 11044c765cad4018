// Noise on the weights of every dense layer as one variant.

import { numpy as np } from "@jax-js/jax";
import { type Key, siteKey } from "hadamask";
import type { WeightNoise } from "hadamask/jax";
import type { Draws, Learned, Model } from "../models/model.js";
import type { ActiveVariant } from "./active.js";

/** Noise that learns some parameters or none. */
type AnyNoise = WeightNoise<string>;

export interface LayerNoise {
  /** "layer1" are the weights after the inputs. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly noise: AnyNoise;
}

/** One noise a dense layer. */
export function onLayers(
  model: Model,
  key: Key,
  make: (layer: number, sizes: { inputs: number; outputs: number; key: Key }) => WeightNoise<never> | AnyNoise,
): LayerNoise[] {
  return model.dense.map(([inputs, outputs], layer) => {
    const name = `layer${layer + 1}`;
    const noise = make(layer, { inputs, outputs, key: siteKey(key, name) }) as AnyNoise;
    return { name, inputs, outputs, noise };
  });
}

/** All of these as one variant, without what its parameters mean. */
export function withWeightNoise(layers: readonly LayerNoise[]): ActiveVariant {
  return {
    hooks: {
      dense(h, weights, layer, draws, learned) {
        const { name, noise } = layers[layer]!;
        return noise.apply(h, weights, learned[name] ?? {}, draws[name]);
      },
    },
    train: (step, batch) => Object.fromEntries(layers.map(({ name, noise }) => [name, noise.train(step, batch)])),
    eval: (): Draws => ({}),
  };
}

/** The same with parameters that are learned. */
export function learningWeightNoise(layers: readonly LayerNoise[]): ActiveVariant {
  const { hooks, ...draws } = withWeightNoise(layers);
  return {
    ...draws,
    hooks: {
      ...hooks,
      penalty: (weights, learned) =>
        layers.reduce((sum, { name, noise }, i) => {
          const { w, b } = weights[i]!;
          b.dispose();
          return sum.add(noise.penalty(w, learned[name]!));
        }, np.zeros([])),
    },
    learned: (): Learned => Object.fromEntries(layers.map(({ name, noise }) => [name, noise.parameters()])),
  };
}
