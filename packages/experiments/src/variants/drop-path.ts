// Stochastic depth: a row skips whole residual blocks, later ones more often; inputs are dropped one by one.

import { linearDepthRates } from "hadamask";
import { dropoutSites } from "hadamask/jax";
import type { Activate } from "./active.js";
import { branchNames, onBranches } from "./branches.js";

/** Rates grow linearly to `rate` at the last block, from rate / blocks at the first (Huang et al. 2016, section 3). */
export const dropPath: Activate = ({ rate, inputRate }, model, key) => {
  const rates = linearDepthRates(model.blocks, { first: rate / model.blocks, last: rate });
  const sites = branchNames(model).map((name, i) => [name, { rate: rates[i]!, shape: [1] }] as const);
  return onBranches(model, key, inputRate, dropoutSites(Object.fromEntries(sites), { key }));
};
