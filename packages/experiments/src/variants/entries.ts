// The variants by name: how each is written, what it is, which networks take it, and for those that a layer of the
// library makes by itself which layer. Loads no engine: the help text needs it.

import { DropBlock2D, GaussianDropout, GaussianNoise, UniformDropout } from "hadamask";
import type { ModelKind } from "../kinds.js";
import { MODELS } from "../models/spec.js";
import type { LayerEntry } from "./of-layer.js";

/** What is known of a variant without an engine. */
export interface VariantEntry {
  /** The networks that it can act in. */
  readonly models: readonly ModelKind[];
  readonly usage: string;
  readonly about: string;
  /** The rate where none is written; undefined where the variant takes none. */
  readonly rate?: number;
  /** The sigma where none is written; undefined where the variant takes none. */
  readonly sigma?: number;
  /** The weight of the decay where none is written; undefined where the variant takes none. */
  readonly decay?: number;
  /** @param number The rate, or what the variant takes in its place. */
  title(rate: number, inputRate: number, number: number): string;
  /** The layer that acts at all places, where that is all there is to it. Others are in activate.ts. */
  readonly layer?: LayerEntry;
}

const DENSE = ["mlp"] as const;
const ACTIVATED = ["mlp", "cnn", "residual"] as const;
const RECURRENT = ["gru", "lstm"] as const;

/** By name, in the order in which help tells of them. */
export const VARIANTS = {
  none: { models: MODELS, usage: "none", about: "no dropout", title: () => "no dropout" },
  "early-stopping": {
    models: MODELS,
    usage: "early-stopping",
    about: "no dropout; as many epochs as were best for a fifth of the training rows, then all of them",
    title: () => "no dropout, stopped early",
  },
  "weight-decay": {
    models: MODELS,
    usage: "weight-decay:DECAY",
    about: "no dropout; DECAY / 2 times the squared weights in the loss (default 1e-4)",
    decay: 1e-4,
    title: (_rate, _inputRate, decay) => `no dropout, weight decay ${decay}`,
  },
  bernoulli: {
    models: ACTIVATED,
    usage: "bernoulli:RATE",
    about: "drops hidden units with probability RATE (default 0.5), inputs with --input-rate",
    rate: 0.5,
    title: (rate, inputRate) => `Bernoulli dropout, input ${inputRate}, hidden ${rate}`,
  },
  gaussian: {
    models: ACTIVATED,
    usage: "gaussian:RATE",
    about: "normal multipliers of the same mean and variance as bernoulli:RATE (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `Gaussian dropout, input ${inputRate}, hidden ${rate}`,
    layer: { make: ({ rate, key }) => new GaussianDropout({ rate, key }), inputs: "same" },
  },
  uniform: {
    models: ACTIVATED,
    usage: "uniform:RATE",
    about: "evenly spread multipliers of the same mean and variance as bernoulli:RATE (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `uniform dropout, input ${inputRate}, hidden ${rate}`,
    layer: { make: ({ rate, key }) => new UniformDropout({ rate, key }), inputs: "same" },
  },
  alpha: {
    models: ACTIVATED,
    usage: "alpha:RATE",
    about: "alpha dropout of hidden units (default 0.1), for --activation selu; inputs with --input-rate",
    rate: 0.1,
    title: (rate, inputRate) => `alpha dropout, input ${inputRate}, hidden ${rate}`,
  },
  concrete: {
    models: DENSE,
    usage: "concrete:RATE",
    about: "learns a rate for the inputs and each hidden layer, from RATE (default 0.1) on",
    rate: 0.1,
    title: (rate, inputRate) => `concrete dropout, rates learned from input ${inputRate}, hidden ${rate}`,
  },
  variational: {
    models: DENSE,
    usage: "variational",
    about: "Gaussian noise whose variance is learned for each input and hidden unit",
    title: () => "variational dropout, a variance a unit",
  },
  "variational-weights": {
    models: DENSE,
    usage: "variational-weights",
    about: "Gaussian noise on every weight, its variance learned for each layer",
    title: () => "variational dropout of weights, a variance a layer",
  },
  sparse: {
    models: DENSE,
    usage: "sparse",
    about: "learns a variance for each weight, and leaves out those that are mostly noise",
    title: () => "sparse variational dropout",
  },
  "logit-normal": {
    models: DENSE,
    usage: "logit-normal:SIGMA",
    about: "soft masks at hidden units, their log-odds learned under the prior N(0, SIGMA²) (default 1)",
    sigma: 1,
    title: (_rate, _inputRate, sigma) => `logit-normal masks, prior ${sigma}`,
  },
  dropconnect: {
    models: DENSE,
    usage: "dropconnect:RATE",
    about: "drops weights, a mask for each row of a batch (slow); those of the inputs with --input-rate",
    rate: 0.5,
    title: (rate, inputRate) => `DropConnect, weights of inputs ${inputRate}, others ${rate}, a mask a row`,
  },
  "dropconnect-batch": {
    models: DENSE,
    usage: "dropconnect-batch:RATE",
    about: "the same with one mask a batch",
    rate: 0.5,
    title: (rate, inputRate) => `DropConnect, weights of inputs ${inputRate}, others ${rate}, a mask a batch`,
  },
  early: {
    models: ACTIVATED,
    usage: "early:RATE",
    about: "bernoulli:RATE in the first half of the training steps, none in the second (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `early dropout, input ${inputRate}, hidden ${rate} in the first half`,
  },
  late: {
    models: ACTIVATED,
    usage: "late:RATE",
    about: "bernoulli:RATE in the second half alone (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `late dropout, input ${inputRate}, hidden ${rate} in the second half`,
  },
  linear: {
    models: ACTIVATED,
    usage: "linear:RATE",
    about: "rates that grow from 0 to those of bernoulli:RATE over the first half (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `growing dropout, up to input ${inputRate}, hidden ${rate}`,
  },
  "multi-sample": {
    models: DENSE,
    usage: "multi-sample:RATE",
    about: "bernoulli:RATE with 8 masks of the last hidden layer at once (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `multi-sample dropout, input ${inputRate}, hidden ${rate}, 8 masks`,
  },
  "r-drop": {
    models: ACTIVATED,
    usage: "r-drop:RATE",
    about: "bernoulli:RATE twice for each row; answers that differ are part of the loss (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `R-Drop, input ${inputRate}, hidden ${rate}`,
  },
  "gaussian-noise": {
    models: ACTIVATED,
    usage: "gaussian-noise:SIGMA",
    about: "adds normal numbers of standard deviation SIGMA (default 0.1) to inputs and hidden units",
    sigma: 0.1,
    title: (_rate, _inputRate, sigma) => `additive Gaussian noise, ${sigma}`,
    layer: { make: ({ sigma, key }) => new GaussianNoise({ deviation: sigma, key }), inputs: "same" },
  },
  channel: {
    models: ["cnn"],
    usage: "channel:RATE",
    about: "drops whole feature maps (spatial dropout, default 0.2)",
    rate: 0.2,
    title: (rate, inputRate) => `channel dropout, input ${inputRate}, maps ${rate}`,
  },
  "feature-alpha": {
    models: ["cnn"],
    usage: "feature-alpha:RATE",
    about: "alpha dropout of whole feature maps (default 0.1), for --activation selu",
    rate: 0.1,
    title: (rate, inputRate) => `feature alpha dropout, input ${inputRate}, maps ${rate}`,
  },
  "drop-block": {
    models: ["cnn"],
    usage: "drop-block:RATE",
    about: "drops squares of 3 × 3 places of a map, RATE of all places (default 0.2)",
    rate: 0.2,
    title: (rate, inputRate) => `DropBlock of 3 × 3 places, input ${inputRate}, maps ${rate}`,
    layer: {
      // 3 places: as far as a kernel sees.
      make: ({ rate, key }) => new DropBlock2D({ rate, blockSize: 3, dataFormat: "channels-last", key }),
      inputs: "elements",
    },
  },
  "drop-path": {
    models: ["residual"],
    usage: "drop-path:RATE",
    about: "rows skip blocks (stochastic depth), the last with probability RATE (default 0.5), others less",
    rate: 0.5,
    title: (rate, inputRate) => `drop path, input ${inputRate}, last block ${rate}`,
  },
  "layer-drop": {
    models: ["residual"],
    usage: "layer-drop:RATE",
    about: "the whole batch skips blocks, each with probability RATE (default 0.2)",
    rate: 0.2,
    title: (rate, inputRate) => `LayerDrop, input ${inputRate}, blocks ${rate}`,
  },
  zaremba: {
    models: RECURRENT,
    usage: "zaremba:RATE",
    about: "drops inputs with --input-rate, a new mask a step, and the last state with RATE (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `non-recurrent dropout, input ${inputRate}, last state ${rate}`,
  },
  gal: {
    models: RECURRENT,
    usage: "gal:RATE",
    about: "one mask for all steps on inputs, recurrent connections and last state (default 0.2)",
    rate: 0.2,
    title: (rate, inputRate) => `dropout tied over time, input ${inputRate}, recurrent and last state ${rate}`,
  },
  "gal-gates": {
    models: RECURRENT,
    usage: "gal-gates:RATE",
    about: "the same with masks of its own for each gate",
    rate: 0.2,
    title: (rate, inputRate) =>
      `dropout tied over time, a mask a gate, input ${inputRate}, recurrent and last state ${rate}`,
  },
  semeniuta: {
    models: RECURRENT,
    usage: "semeniuta:RATE",
    about: "drops only what is added to the memory (default 0.2), and inputs",
    rate: 0.2,
    title: (rate, inputRate) => `dropout of the update, input ${inputRate}, update ${rate}`,
  },
  moon: {
    models: ["lstm"],
    usage: "moon:RATE",
    about: "one mask for all steps on the cell state (default 0.2), and inputs",
    rate: 0.2,
    title: (rate, inputRate) => `dropout of the cell state, tied over time, input ${inputRate}, cell ${rate}`,
  },
  zoneout: {
    models: RECURRENT,
    usage: "zoneout:RATE",
    about: "units keep their previous value with probability RATE (default 0.1); drops inputs",
    rate: 0.1,
    title: (rate, inputRate) => `zoneout, input ${inputRate}, units ${rate}`,
  },
} as const satisfies Record<string, VariantEntry>;
