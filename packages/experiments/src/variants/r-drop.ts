// R-Drop: each row goes through the network twice with different masks, and is to be answered alike.

import { type Array as JaxArray, nn, numpy as np } from "@jax-js/jax";
import { meanNll } from "../models/model.js";
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
      loss(logits, y) {
        const nll = meanNll(logits.ref, copies(y, 2));
        return [nll.ref.mul(2).add(meanDivergence(logits).mul(WEIGHT)), nll];
      },
    },
    train: (step, batch) => once.train(step, 2 * batch),
    eval: () => ({}),
  };
};

/**
 * Mean over rows of (KL(p || q) + KL(q || p)) / 2 = sum of (p - q) (ln p - ln q) / 2 (Liang et al. 2021, equation 2).
 */
function meanDivergence(logits: JaxArray): JaxArray {
  const rows = logits.shape[0]! / 2;
  const log = nn.logSoftmax(logits, -1);
  const [p, q] = [log.ref.slice([0, rows]), log.slice([rows, 2 * rows])];
  const gap = np.exp(p.ref).sub(np.exp(q.ref));
  return gap.mul(p.sub(q)).sum(-1).mean().mul(0.5);
}
