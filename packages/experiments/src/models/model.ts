// What a network is to the rest: first weights, a forward pass, and the places in it where a variant can act. Where a
// variant changes the computation it says so through NetworkHooks; there is no other way in. Knows no data and no
// optimiser.

import "hadamask/jax"; // before jax-js itself: on Node 20 it provides the `navigator` that jax-js reads
import { type Array as JaxArray, nn, numpy as np } from "@jax-js/jax";
import { foldIn, type Key, split } from "hadamask";
import type { RecurrentParameters } from "hadamask/jax";
import { uniforms } from "../chance.js";
import type { CellKind } from "../kinds.js";
import type { ModelSummary } from "../result.js";
import type { Likelihood } from "./likelihood.js";

/** An array of a trained network, as plain data. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The arrays of one layer by name. (A type, not an interface: jax-js wants trees of types.) */
export type LayerWeights = { [name: string]: JaxArray };

/** A dense layer: y = x w + b, w of shape [inputs, outputs]. */
export type DenseWeights = { w: JaxArray; b: JaxArray };

/** Random inputs of one step, drawn outside of the graph: a tree of arrays. */
export type Draws = { [place: string]: JaxArray };

/** Parameters of noise that learns, by the place of the noise. */
export type Learned = { [place: string]: { [name: string]: JaxArray } };

/** Where noise on activations can act. */
export interface Place {
  /** Its draws depend on it, and not on the other places. */
  readonly name: string;
  /**
   * What a row has there: inputs, units of a hidden layer, feature maps [height, width, maps], the last state of a
   * sequence.
   */
  readonly kind: "inputs" | "units" | "maps" | "state";
  /** Lengths of the axes of one row. */
  readonly shape: readonly number[];
}

/** A recurrent layer: sequences of `time` steps of `inputs` numbers each. */
export interface Recurrence {
  readonly cell: CellKind;
  readonly time: number;
  readonly inputs: number;
  readonly hidden: number;
}

/** What a variant does inside of a network. Functions take over the arrays they are given, as in jax-js. */
export interface NetworkHooks {
  /** Changes activations. */
  activations?(h: JaxArray, place: Place, draws: Draws, learned: Learned): JaxArray;
  /** Changes what residual block `block`, from 0 on, adds to the stream. */
  branch?(h: JaxArray, block: number, draws: Draws): JaxArray;
  /** Takes the place of the product with the weights of dense layer i, from 0 on; the bias is added by it too. */
  dense?(h: JaxArray, weights: DenseWeights, layer: number, draws: Draws, learned: Learned): JaxArray;
  /** Takes the place of a recurrent layer: the states of all steps, [batch, time, hidden]. */
  recurrent?(x: JaxArray, weights: RecurrentParameters, draws: Draws): JaxArray;
  /**
   * The loss of a batch's outputs against its targets `y` (one-hot classes, or values), and the loss of the likelihood
   * alone, in training; where not the latter is to be lowered.
   */
  loss?(outputs: JaxArray, y: JaxArray, likelihood: Likelihood): [loss: JaxArray, plain: JaxArray];
  /** What learning the noise costs, in nats for all training rows together. A scalar. */
  penalty?(layers: readonly DenseWeights[], learned: Learned): JaxArray;
}

/** One pass through a network: what is done in it, with which draws. */
export interface Pass {
  readonly hooks: NetworkHooks;
  readonly draws: Draws;
  readonly learned: Learned;
}

/** The outputs of a network without noise, [rows, outputs], by the arrays of its layers from the inputs on. */
export type PlainPrediction = (weights: readonly WeightArray[], inputs: Float32Array, rows: number) => Float32Array;

export interface Model {
  /** Features of a row. */
  readonly inputs: number;
  /** Numbers that it gives for a row: one a class, or what is said of a value. */
  readonly outputs: number;
  /** From the inputs on; number 0 are the inputs. */
  readonly places: readonly Place[];
  /**
   * Inputs and outputs of the dense layers that noise on weights can act on, if that is all there is to the network.
   */
  readonly dense: readonly (readonly [inputs: number, outputs: number])[];
  /** Residual blocks. */
  readonly blocks: number;
  readonly recurrence?: Recurrence;
  initialWeights(key: Key): LayerWeights[];
  /** [batch, outputs] for inputs [batch, features]; of classes these are logits. */
  forward(layers: readonly LayerWeights[], x: JaxArray, pass: Pass): JaxArray;
  /**
   * Another way to predict without noise, with the bits of `forward`, where it is faster; undefined where the machine
   * has none.
   */
  plainPrediction?(): PlainPrediction | undefined;
}

/** What a network is made for. */
export interface ModelOptions {
  readonly features: number;
  readonly image?: { readonly height: number; readonly width: number };
  /** Numbers that it gives for a row: one logit a class; of a value its mean, and the log variance of its noise. */
  readonly outputs: number;
  readonly hidden: readonly number[];
  readonly activation: ModelSummary["activation"];
}

/** The activations of a place, as the variant changes them. */
export const changed = (h: JaxArray, place: Place, { hooks, draws, learned }: Pass): JaxArray =>
  hooks.activations?.(h, place, draws, learned) ?? h;

export const ACTIVATIONS: Readonly<Record<ModelSummary["activation"], (z: JaxArray) => JaxArray>> = {
  relu: nn.relu,
  tanh: np.tanh,
  selu: nn.selu,
};

/** x w + b. */
export const denseProduct = (x: JaxArray, { w, b }: DenseWeights): JaxArray => np.dot(x, w).add(b);

/**
 * Weights and biases of layer `index` to begin with: uniform in ±1 / sqrt(inputs), which is what PyTorch's
 * `nn.Linear`, and for `inputs` = kernel places times maps `nn.Conv2d`, begin with.
 */
export function denseWeights(
  key: Key,
  index: number,
  [inputs, outputs]: readonly [number, number],
  limit: number = 1 / Math.sqrt(inputs),
): DenseWeights {
  const [weights, biases] = split(foldIn(key, index), 2) as [Key, Key];
  return {
    w: np.array(uniforms(weights, inputs * outputs, limit), { shape: [inputs, outputs] }),
    b: np.array(uniforms(biases, outputs, limit)),
  };
}
