// R-Drop: each row goes through the network twice with different masks, and is to be answered alike (Liang et al. 2021,
// equation 2).

import type { Activate } from "./active.js";
import { bernoulli } from "./bernoulli.js";
import { copies } from "./copies.js";

/** Of the divergence; the paper takes 0.1 to 5. */
const WEIGHT = 1;

export const rDrop: Activate = (spec, model, key, steps) => {
  const once = bernoulli(spec, model, key, steps);
  return {
    hooks: {
      activations(h, place, draws, learned) {
        const isTraining = Object.keys(draws).length > 0;
        const rows = isTraining && place.kind === "inputs" ? copies(h, 2) : h;
        return once.hooks.activations!(rows, place, draws, learned);
      },
      loss(outputs, y, { loss, divergence }) {
        const rows = outputs.shape[0]! / 2;
        const plain = loss(outputs.ref, copies(y, 2));
        const [p, q] = [outputs.ref.slice([0, rows]), outputs.slice([rows, 2 * rows])];
        return [plain.ref.mul(2).add(divergence(p, q).mul(WEIGHT)), plain];
      },
    },
    train: (step, batch) => once.train(step, 2 * batch),
    eval: () => ({}),
  };
};
