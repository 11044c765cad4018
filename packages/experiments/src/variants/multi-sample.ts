// Multi-sample dropout: the last hidden layer is dropped with several masks at once, and the loss is the mean over
// them (Inoue 2019).

import { dropoutSites } from "hadamask/jax";
import type { Activate } from "./active.js";
import { bernoulli } from "./bernoulli.js";
import { copies } from "./copies.js";

/** Masks of the last hidden layer. */
const SAMPLES = 8;

export const multiSample: Activate = (spec, model, key, steps) => {
  const once = bernoulli(spec, model, key, steps);
  const last = model.places.at(-1)!;
  const site = dropoutSites({ [last.name]: { rate: spec.rate, shape: last.shape } }, { key });
  return {
    hooks: {
      activations(h, place, draws, learned) {
        const isTraining = Object.keys(draws).length > 0;
        const rows = isTraining && place.name === last.name ? copies(h, SAMPLES) : h;
        return once.hooks.activations!(rows, place, draws, learned);
      },
      loss(outputs, y, likelihood) {
        const plain = likelihood.loss(outputs, copies(y, SAMPLES));
        return [plain.ref, plain];
      },
    },
    train: (step, batch) => ({ ...once.train(step, batch), ...site.train(step, SAMPLES * batch) }),
    eval: () => ({}),
  };
};
