// Multipliers of what residual blocks add, as one variant, with inputs dropped one by one.

import type { Key } from "hadamask";
import type { Draws, Model } from "../models/model.js";
import type { ActiveVariant } from "./active.js";
import { inputSites, multiplied } from "./sites.js";
import { together } from "./together.js";

/** Draws of the branches by their names. */
interface BranchDraws {
  train(step: number, batch: number): Draws;
  eval(): Draws;
}

const branchName = (block: number): string => `branch${block + 1}`;

/** The names of all branches, from the inputs on. */
export const branchNames = ({ blocks }: Model): string[] =>
  Array.from({ length: blocks }, (_, block) => branchName(block));

export const onBranches = (model: Model, key: Key, inputRate: number, draws: BranchDraws): ActiveVariant =>
  together(inputSites(model, key, inputRate), {
    hooks: { branch: (h, block, drawn) => multiplied(h, drawn[branchName(block)]!) },
    ...draws,
  });
