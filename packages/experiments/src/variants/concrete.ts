// Concrete dropout: each place learns its own rate.

import { numpy as np } from "@jax-js/jax";
import { ConcreteDropout } from "hadamask";
import { type ConcreteNoise, concreteDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { describePlace, learningAtPlaces, placed } from "./places.js";

/** l^2 / 2 for a normal prior of standard deviation 1 / l = 10 on the weights. */
const WEIGHT_REGULARIZER = 0.005;

export const concrete: Activate = ({ rate, inputRate }, model, key) => {
  const places = placed(model, key, (place, own) => {
    const start = place.kind === "inputs" ? inputRate : rate;
    if (start === 0) return undefined;
    return concreteDropout({ rate: start, shape: place.shape, weightRegularizer: WEIGHT_REGULARIZER, key: own });
  });
  /** The number of a place is that of the layer that follows. */
  const placeOf = (name: string): number => model.places.findIndex((place) => place.name === name);
  const noises = new Map(places.map(({ name, noise }) => [name, noise as unknown as ConcreteNoise]));
  const variant = learningAtPlaces(places, (learned, weights) => {
    const layers = places.map(({ name, units }) => {
      const logit = learned[name]!.logit![0]!;
      const layer = new ConcreteDropout({ logit, units, weightRegularizer: WEIGHT_REGULARIZER });
      const following = weights[2 * placeOf(name)]!.values;
      layer.squaredNorm = following.reduce((sum, w) => sum + w * w, 0);
      return { name, layer };
    });
    return {
      penalty: layers.reduce((sum, { layer }) => sum + layer.penalty(), 0),
      places: layers.map(({ name, layer }) => describePlace(name, "rate", [layer.rate])),
    };
  });
  return {
    ...variant,
    hooks: {
      ...variant.hooks,
      /** Each place is charged for the weights that follow it, too. */
      penalty(layers, learned) {
        return layers.reduce((sum, { w, b }, i) => {
          b.dispose();
          const [name, squaredNorm] = [model.places[i]!.name, np.square(w).sum()];
          const noise = noises.get(name);
          if (noise !== undefined) return sum.add(noise.penalty(learned[name] as never, squaredNorm));
          squaredNorm.dispose();
          return sum;
        }, np.zeros([]));
      },
    },
  };
};
