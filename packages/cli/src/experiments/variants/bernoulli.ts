// Dropout as everybody knows it: after the inputs and after each hidden layer's activation.

import { dropoutSites } from "hadamask/jax";
import type { Activate } from "./active.js";
import { nameOf } from "./places.js";

export const bernoulli: Activate = ({ rate, inputRate }, { inputs, hidden }, key) => {
  const places = [{ rate: inputRate, shape: [inputs] }, ...hidden.map((size) => ({ rate, shape: [size] }))];
  const sites = dropoutSites(Object.fromEntries(places.map((place, i) => [nameOf(i), place])), { key });
  return {
    hooks: { activations: (h, place, draws) => sites.apply(h, draws[nameOf(place)]!) },
    train: sites.train,
    eval: sites.eval,
  };
};
