// Soft masks at the hidden layers, whose log-odds are learned for each unit under a normal prior.

import { VariationalLogitNormalDropout } from "hadamask";
import { variationalLogitNormalDropout } from "hadamask/jax";
import type { WeightArray } from "../models/model.js";
import type { Activate, LearnedValues } from "./active.js";
import { describePlace, learningAtPlaces, placed } from "./places.js";

export const logitNormal: Activate = ({ sigma = 1 }, model, key) => {
  const places = placed(model, key, ({ kind, shape }, own) =>
    kind === "inputs" ? undefined : variationalLogitNormalDropout({ sigma, shape, key: own }),
  );
  const layers = (learned: LearnedValues) =>
    places.map(({ name, units }) => {
      const { mu, rho } = learned[name] as { mu: Float32Array; rho: Float32Array };
      return { name, layer: new VariationalLogitNormalDropout({ units, sigma, mu, rho, mode: "eval" }) };
    });
  const means = (learned: LearnedValues) =>
    layers(learned).map(({ name, layer }) => ({ name, mean: layer.forward(new Float64Array(layer.units).fill(1)) }));
  return {
    ...learningAtPlaces(places, (learned) => ({
      penalty: layers(learned).reduce((sum, { layer }) => sum + layer.penalty(), 0),
      places: means(learned).map(({ name, mean }) => describePlace(name, "keep", mean)),
    })),
    // The mean multiplier of hidden unit i goes into row i of the weights that follow.
    deployed: (learned, weights) =>
      means(learned).reduce(
        (all, { mean }, place) => all.with(2 * (place + 1), scaleRows(all[2 * (place + 1)]!, mean)),
        [...weights],
      ),
  };
};

function scaleRows({ shape, values }: WeightArray, factors: Float64Array): WeightArray {
  const columns = shape[1]!;
  return { shape, values: values.map((value, i) => value * factors[Math.floor(i / columns)]!) };
}
