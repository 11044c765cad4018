// A network that can be trained and asked: the jitted step and prediction of one variant. Knows no data set and no
// epochs.

import { type Array as JaxArray, jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import type { Key } from "hadamask";
import type { Likelihood } from "../models/likelihood.js";
import type {
  DenseWeights,
  Draws,
  LayerWeights,
  Learned,
  Model,
  PlainPrediction,
  WeightArray,
} from "../models/model.js";
import type { ActiveVariant, LearnedValues } from "../variants/active.js";
import { type AdamState, adamFactors, adamStart, adamStep } from "./adam.js";
import { withinNorm } from "./max-norm.js";
import { roundAlike } from "./same-bits.js";

/** Inputs [rows, features] and targets [rows, targets] (one-hot classes, or values) of one batch, in C order. */
export interface Batch {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly rows: number;
}

/** What is trained. (A type, not an interface: jax-js wants trees of types.) */
type Trained = { layers: LayerWeights[]; learned: Learned };

type State = { layers: AdamState<LayerWeights[]>; learned: AdamState<Learned> };

/** A tree of arrays as plain data. */
export type PlainTree = WeightArray | { readonly [name: string]: PlainTree } | readonly PlainTree[];

/** All that a network is between two steps: parameters and the optimiser's means. */
export type NetworkState = { readonly layers: PlainTree; readonly learned: PlainTree };

const isPlainArray = (tree: PlainTree): tree is WeightArray => "values" in tree && tree.values instanceof Float32Array;

/** Copies; the arrays stay their owner's. */
function toPlain(node: unknown): PlainTree {
  if (Array.isArray(node)) return node.map(toPlain);
  const array = node as JaxArray;
  if (typeof array.dataSync === "function") {
    return { shape: [...array.shape], values: (array.ref.dataSync() as Float32Array).slice() };
  }
  return Object.fromEntries(Object.entries(node as object).map(([name, child]) => [name, toPlain(child)]));
}

function fromPlain(node: PlainTree): unknown {
  if (Array.isArray(node)) return node.map(fromPlain);
  if (isPlainArray(node)) return np.array(node.values, { shape: [...node.shape] });
  return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, fromPlain(child)]));
}

/**
 * How much faster than weights the noise learns. Logarithms of rates and variances have a long way to go (from -8 to
 * 3 before a weight is pruned), and Adam moves a parameter by about the learning rate a step: with 1200 steps of
 * 0.001 none would get there.
 */
const NOISE_SPEED = 10;

function plainLoss(outputs: JaxArray, y: JaxArray, likelihood: Likelihood): [JaxArray, JaxArray] {
  const loss = likelihood.loss(outputs, y);
  return [loss.ref, loss];
}

/** Of all arrays but biases. Leaves the layers to their owner. */
const squaredWeights = (layers: readonly LayerWeights[]): JaxArray =>
  layers
    .flatMap((layer) => Object.values(layer))
    .filter(({ shape }) => shape.length > 1)
    .map((w) => np.square(w.ref).sum())
    .reduce((sum, term) => sum.add(term));

/** Owns its arrays until {@link release} or {@link takeWeights} is called; nothing may be called after that. */
export class Network {
  readonly #model: Model;
  readonly #likelihood: Likelihood;
  readonly #variant: ActiveVariant;
  readonly #step: (
    state: State,
    factors: JaxArray,
    noiseFactors: JaxArray,
    penaltyWeight: JaxArray,
    x: JaxArray,
    y: JaxArray,
    draws: Draws,
  ) => [JaxArray, State];
  /** Where a variant does nothing in prediction and the model knows a faster way. */
  readonly #plain: PlainPrediction | undefined;
  readonly #predict: (trained: Trained, x: JaxArray, draws: Draws) => JaxArray;
  /** Of the arrays of each layer: in a tree that comes back from the engine their order is another. */
  readonly #names: readonly string[][];
  #state: State;

  /** @param from Goes on from there instead of from first weights. */
  constructor(model: Model, likelihood: Likelihood, variant: ActiveVariant, weightsKey: Key, from?: NetworkState) {
    roundAlike();
    const { hooks, weightDecay, maxNorm } = variant;
    const { penalty } = hooks;
    const run = ({ layers, learned }: Trained, x: JaxArray, draws: Draws): JaxArray =>
      model.forward(layers, x, { hooks, draws, learned });
    /** The loss to lower, and the part of it that is the likelihood. */
    const loss = (trained: Trained, weight: JaxArray, x: JaxArray, y: JaxArray, draws: Draws): [JaxArray, JaxArray] => {
      if (penalty === undefined) weight.dispose();
      const decay = weightDecay === undefined ? undefined : squaredWeights(trained.layers).mul(weightDecay / 2);
      const cost = penalty?.(tree.ref(trained.layers) as DenseWeights[], tree.ref(trained.learned)).mul(weight);
      const outputs = run(trained, x, draws);
      const [own, nll] = (hooks.loss ?? plainLoss)(outputs, y, likelihood);
      const costs = [cost, decay].filter((term) => term !== undefined);
      return [costs.reduce((sum, term) => sum.add(term), own), nll];
    };
    this.#model = model;
    this.#likelihood = likelihood;
    this.#variant = variant;
    const layers = model.initialWeights(weightsKey);
    this.#names = layers.map(Object.keys);
    this.#state = {
      layers: adamStart(layers),
      learned: adamStart(variant.learned?.() ?? {}),
    };
    if (from !== undefined) {
      tree.dispose(this.#state);
      this.#state = fromPlain(from as PlainTree) as State;
    }
    this.#plain = variant.isPlainInPrediction ? model.plainPrediction?.() : undefined;
    this.#predict = jit(run);
    this.#step = jit(
      (
        state: State,
        factors: JaxArray,
        noiseFactors: JaxArray,
        weight: JaxArray,
        x: JaxArray,
        y: JaxArray,
        draws: Draws,
      ) => {
        const trained = tree.ref({ layers: state.layers.params, learned: state.learned.params });
        const [[value, nll], gradient] = valueAndGrad(loss, { hasAux: true })(trained, weight, x, y, draws);
        value.dispose();
        const { layers, learned } = gradient as unknown as Trained;
        const stepped = adamStep(state.layers, layers, factors);
        const next = {
          layers: maxNorm === undefined ? stepped : { ...stepped, params: withinNorm(stepped.params, maxNorm) },
          learned: adamStep(state.learned, learned, noiseFactors),
        };
        return [nll, next];
      },
    ) as never;
  }

  /**
   * Takes training step `t` (from 0) and returns the batch's loss before it, with the variant's noise on and without
   * its penalty.
   *
   * @param penaltyWeight What the penalty of learned noise is multiplied by: since the loss is a mean, 1 / (number of
   *   training rows).
   */
  train(t: number, batch: Batch, learningRate: number, penaltyWeight = 0): number {
    const { inputs } = this.#model;
    const [loss, next] = this.#step(
      this.#state,
      np.array(adamFactors(learningRate, t)),
      np.array(adamFactors(NOISE_SPEED * learningRate, t)),
      np.array(Float32Array.of(penaltyWeight), { shape: [] }),
      np.array(batch.inputs, { shape: [batch.rows, inputs] }),
      np.array(batch.targets, { shape: [batch.rows, this.#likelihood.targets] }),
      this.#variant.train(t, batch.rows),
    );
    this.#state = next;
    return loss.item(); // read at every step: jax-js lets unread work pile up
  }

  /** Outputs [rows, outputs] in evaluation mode. */
  predict(inputs: Float32Array, rows: number): Float32Array {
    if (this.#plain !== undefined) return this.#plain(this.weights(), inputs, rows);
    const x = np.array(inputs, { shape: [rows, this.#model.inputs] });
    const { layers, learned } = this.#state;
    return this.#predict(
      tree.ref({ layers: layers.params, learned: learned.params }),
      x,
      this.#variant.eval(),
    ).dataSync() as Float32Array;
  }

  /** A copy of all that it is now. */
  state(): NetworkState {
    return { layers: toPlain(this.#state.layers), learned: toPlain(this.#state.learned) };
  }

  /** What the noise has learned so far. */
  learned(): LearnedValues {
    const places = Object.entries(this.#state.learned.params);
    const values = ([name, array]: [string, JaxArray]): [string, Float32Array] => [
      name,
      array.ref.dataSync() as Float32Array,
    ];
    return Object.fromEntries(
      places.map(([place, arrays]) => [place, Object.fromEntries(Object.entries(arrays).map(values))]),
    );
  }

  /** A copy of what {@link takeWeights} would give now. */
  weights(): WeightArray[] {
    return this.#arrays().map((array) => ({
      shape: [...array.shape],
      values: (array.ref.dataSync() as Float32Array).slice(),
    }));
  }

  /**
   * The arrays of each layer, from the inputs on: of a dense one weights [inputs, outputs] and biases [outputs];
   * frees the rest.
   */
  takeWeights(): WeightArray[] {
    const { layers, learned } = this.#state;
    tree.dispose([layers.mean, layers.square, learned]);
    return this.#arrays().map((array) => ({
      shape: [...array.shape],
      values: array.dataSync() as Float32Array,
    }));
  }

  #arrays(): JaxArray[] {
    return this.#state.layers.params.flatMap((layer, i) => this.#names[i]!.map((name) => layer[name]!));
  }

  release(): void {
    tree.dispose(this.#state);
  }
}
