// Where noise on activations acts, by name; and noise at all of those places as one variant.

import { numpy as np } from "@jax-js/jax";
import { type Key, siteKey } from "hadamask";
import type { ActivationNoise } from "hadamask/jax";
import type { Draws, Learned, Model, Place, WeightArray } from "../models/model.js";
import type { LearnedPlace } from "../result.js";
import type { ActiveVariant, LearnedNoise, LearnedValues } from "./active.js";

/** Noise that learns some parameters or none. */
export type AnyNoise = ActivationNoise<string>;

export interface PlacedNoise {
  readonly name: string;
  /** Elements of a row there. */
  readonly units: number;
  readonly noise: AnyNoise;
}

/**
 * One noise a place, from the inputs on. Places draw by their names, so that a hidden layer has the same draws
 * whether or not the inputs are dropped too.
 *
 * @param make The noise of a place, or undefined for none there.
 */
export function placed(
  model: Model,
  key: Key,
  make: (place: Place, key: Key) => ActivationNoise<never> | AnyNoise | undefined,
): PlacedNoise[] {
  return model.places.flatMap((place) => {
    const { name, shape } = place;
    const noise = make(place, siteKey(key, name)) as AnyNoise | undefined;
    const units = shape.reduce((product, size) => product * size, 1);
    return noise === undefined ? [] : [{ name, units, noise }];
  });
}

/** All of these as one variant, without what its parameters mean. */
export function atPlaces(places: readonly PlacedNoise[]): ActiveVariant {
  const byName = new Map(places.map((place) => [place.name, place.noise]));
  return {
    hooks: {
      activations(h, { name }, draws, learned) {
        const noise = byName.get(name);
        return noise === undefined ? h : noise.apply(h, learned[name] ?? {}, draws[name]);
      },
    },
    train: (step, batch) => Object.fromEntries(places.map(({ name, noise }) => [name, noise.train(step, batch)])),
    eval: (): Draws => ({}),
    isPlainInPrediction: true, // noise without draws changes nothing
  };
}

/** The same with parameters that are learned. */
export function learningAtPlaces(
  places: readonly PlacedNoise[],
  summary: (learned: LearnedValues, weights: readonly WeightArray[]) => LearnedNoise,
): ActiveVariant {
  const { hooks, train, eval: none } = atPlaces(places);
  return {
    train,
    eval: none,
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
