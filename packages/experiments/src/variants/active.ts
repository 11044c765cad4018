// What a variant is inside of a network: changes to the graph, the random inputs that go with them, and what of it is
// learned.

import type { Key } from "hadamask";
import type { Draws, Learned, Model, NetworkHooks, WeightArray } from "../models/model.js";
import type { LearnedPlace } from "../result.js";
import type { VariantSpec } from "./variant-spec.js";

/** What noise has learned, as plain numbers: place, parameter. */
export type LearnedValues = Readonly<Record<string, Readonly<Record<string, Float32Array>>>>;

/** What noise has learned, for a reader. */
export interface LearnedNoise {
  /** What it costs, in nats for all training rows together. */
  readonly penalty: number;
  readonly places: readonly LearnedPlace[];
  /** Share of the weights that are left out at prediction. */
  readonly prunedShare?: number;
}

export interface ActiveVariant {
  /** What the squared weights, without biases, are multiplied by in the loss, halved. */
  readonly weightDecay?: number;
  /** The incoming weights of a hidden unit are kept at this norm or below; not limited where there is none. */
  readonly maxNorm?: number;
  /** Share of the training rows that decides how many epochs are best. */
  readonly validationShare?: number;
  readonly hooks: NetworkHooks;
  /** Random inputs of training step `step` for `batch` rows. */
  train(step: number, batch: number): Draws;
  /** What takes their place when nothing is to be random. */
  eval(): Draws;
  /** Whether all that it does in prediction is nothing: to the bit, the network predicts as without it. */
  readonly isPlainInPrediction?: true;
  /** Parameters that are trained with the network, to begin with; only for noise that learns. */
  learned?(): Learned;
  /** What became of them, with the weights and biases of all layers. */
  summary?(learned: LearnedValues, weights: readonly WeightArray[]): LearnedNoise;
  /** The weights with which a network without noise predicts as this one does; the trained ones if not given. */
  deployed?(learned: LearnedValues, weights: readonly WeightArray[]): WeightArray[];
}

/**
 * Puts a variant into a network; all that is random in it comes from `key`.
 *
 * @param steps How many steps will be trained, for rates that change on the way.
 */
export type Activate = (spec: VariantSpec, model: Model, key: Key, steps: number) => ActiveVariant;
