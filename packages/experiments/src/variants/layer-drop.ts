// LayerDrop: the whole batch skips residual blocks, each with the same probability; inputs are dropped one by one.

import { numpy as np } from "@jax-js/jax";
import { Dropout, siteKey } from "hadamask";
import type { Activate } from "./active.js";
import { branchNames, onBranches } from "./branches.js";

/** Nothing is scaled: in prediction all blocks take part (Fan, Grave and Joulin 2020). */
export const layerDrop: Activate = ({ rate, inputRate }, model, key) => {
  const names = branchNames(model);
  // Unscaled dropout of as many ones as there are blocks decides what the library's LayerDrop decides.
  const decide = new Dropout({ rate, scaling: "classic", key: siteKey(key, "layers") });
  const ones = new Float32Array(names.length).fill(1);
  return onBranches(model, key, inputRate, {
    train(step) {
      const kept = decide.forward(ones, { step });
      return Object.fromEntries(names.map((name, i) => [name, np.array(kept.slice(i, i + 1))]));
    },
    eval: () => Object.fromEntries(names.map((name) => [name, np.ones([1])])),
  });
};
