// Where noise on activations acts, by name; and noise at all of those places as one variant.

import { numpy as np } from "@jax-js/jax";
import { type Key, siteKey } from "hadamask";
import type { ActivationNoise } from "hadamask/jax";
import type { Draws, Learned, MlpShape } from "../mlp.js";
import type { WeightArray } from "../network.js";
import type { LearnedPlace } from "../result.js";
import type { ActiveVariant, LearnedNoise, LearnedValues } from "./active.js";

/** Places are named, so that a hidden layer has the same draws whether or not the inputs are dropped too. */
export const nameOf = (place: number): string => (place === 0 ? "input" : `hidden${place}`);

/** Noise that learns some parameters or none. */
export type AnyNoise = ActivationNoise<string>;

export interface PlacedNoise {
  readonly name: string;
  readonly units: number;
  readonly noise: AnyNoise;
}

/**
 * One noise a place: the inputs, then the hidden layers.
 *
 * @param make The noise of a place, or undefined for none there.
 */
export function placed(
  { inputs, hidden }: MlpShape,
  key: Key,
  make: (place: number, shape: number[], key: Key) => ActivationNoise<never> | AnyNoise | undefined,
): PlacedNoise[] {
  return [inputs, ...hidden].flatMap((units, place) => {
    const name = nameOf(place);
    const noise = make(place, [units], siteKey(key, name)) as AnyNoise | undefined;
    return noise === undefined ? [] : [{ name, units, noise }];
  });
}

/** All of these as one variant, without what its parameters mean. */
export function atPlaces(places: readonly PlacedNoise[]): ActiveVariant {
  const byName = new Map(places.map((place) => [place.name, place.noise]));
  return {
    hooks: {
      activations(h, place, draws, learned) {
        const name = nameOf(place);
        const noise = byName.get(name);
        return noise === undefined ? h : noise.apply(h, learned[name] ?? {}, draws[name]);
      },
    },
    train: (step, batch) => Object.fromEntries(places.map(({ name, noise }) => [name, noise.train(step, batch)])),
    eval: (): Draws => ({}),
  };
}

/** The same with parameters that are learned. */
export function learningAtPlaces(
  places: readonly PlacedNoise[],
  summary: (learned: LearnedValues, weights: readonly WeightArray[]) => LearnedNoise,
): ActiveVariant {
  const { hooks, ...draws } = atPlaces(places);
  return {
    ...draws,
    hooks: {
      ...hooks,
      penalty: (layers, learned) => {
        for (const { w, b } of layers) for (const array of [w, b]) array.dispose();
        return places.reduce((sum, { name, noise }) => sum.add(noise.penalty(learned[name]!)), np.zeros([]));
      },
    },
    learned: (): Learned => Object.fromEntries(places.map(({ name, noise }) => [name, noise.parameters()])),
    summary,
  };
}

/** Values of one place for a reader. */
export function describePlace(
  place: string,
  quantity: LearnedPlace["quantity"],
  values: ArrayLike<number>,
): LearnedPlace {
  const all = Array.from(values);
  return {
    place,
    quantity,
    mean: all.reduce((sum, value) => sum + value, 0) / all.length,
    lowest: all.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    highest: all.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
  };
}
