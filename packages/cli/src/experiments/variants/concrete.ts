// Concrete dropout: each place learns its own rate.

import { numpy as np } from "@jax-js/jax";
import { ConcreteDropout } from "hadamask";
import { type ConcreteNoise, concreteDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { describePlace, learningAtPlaces, nameOf, placed } from "./places.js";

/** l^2 / 2 for a normal prior of standard deviation 1 / l = 10 on the weights. */
const WEIGHT_REGULARIZER = 0.005;

export const concrete: Activate = ({ rate, inputRate }, shape, key) => {
  const places = placed(shape, key, (place, units, own) => {
    const start = place === 0 ? inputRate : rate;
    if (start === 0) return undefined;
    return concreteDropout({ rate: start, shape: units, weightRegularizer: WEIGHT_REGULARIZER, key: own });
  });
  const noises = new Map(places.map(({ name, noise }) => [name, noise as unknown as ConcreteNoise]));
  const variant = learningAtPlaces(places, (learned, weights) => {
    const layers = places.map(({ name, units }) => {
      const logit = learned[name]!.logit![0]!;
      const layer = new ConcreteDropout({ logit, units, weightRegularizer: WEIGHT_REGULARIZER });
      const following = weights[2 * placeOf(name, shape.hidden.length)]!.values;
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
          const [name, squaredNorm] = [nameOf(i), np.square(w).sum()];
          const noise = noises.get(name);
          if (noise !== undefined) return sum.add(noise.penalty(learned[name] as never, squaredNorm));
          squaredNorm.dispose();
          return sum;
        }, np.zeros([]));
      },
    },
  };
};

/** The number of the place with this name, which is that of the layer that follows. */
const placeOf = (name: string, last: number): number =>
  Array.from({ length: last + 1 }, (_, place) => nameOf(place)).indexOf(name);
