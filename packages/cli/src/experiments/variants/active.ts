// What a variant is inside of a network: changes to the graph, and the random inputs that go with them.

import type { Key } from "hadamask";
import type { Draws, MlpShape, NetworkHooks } from "../mlp.js";
import type { VariantSpec } from "./spec.js";

export interface ActiveVariant {
  readonly hooks: NetworkHooks;
  /** Random inputs of training step `step` for `batch` rows. */
  train(step: number, batch: number): Draws;
  /** What takes their place when nothing is to be random. */
  eval(): Draws;
}

/** Puts a variant into a network; all that is random in it comes from `key`. */
export type Activate = (spec: VariantSpec, shape: MlpShape, key: Key) => ActiveVariant;
