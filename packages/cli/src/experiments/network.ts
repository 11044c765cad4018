// A network that can be trained and asked: the jitted step and prediction of one variant. Knows no data set and no epochs.

import { type Array as JaxArray, jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import type { Key } from "hadamask";
import { type AdamState, adamFactors, adamStart, adamStep } from "./adam.js";
import { type DenseWeights, type Draws, forward, initialWeights, type MlpShape, meanNll } from "./mlp.js";
import type { ActiveVariant } from "./variants/active.js";

/** An array of a trained network, as plain data. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Inputs [rows, features] and one-hot targets [rows, classes] of one batch, in C order. */
export interface Batch {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly rows: number;
}

type State = AdamState<DenseWeights[]>;

/** Owns its arrays until {@link release} or {@link takeWeights} is called; nothing may be called after that. */
export class Network {
  readonly #shape: MlpShape;
  readonly #variant: ActiveVariant;
  readonly #step: (state: State, factors: JaxArray, x: JaxArray, y: JaxArray, draws: Draws) => [JaxArray, State];
  readonly #predict: (layers: DenseWeights[], x: JaxArray, draws: Draws) => JaxArray;
  #state: State;

  constructor(shape: MlpShape, variant: ActiveVariant, weightsKey: Key) {
    const { hooks } = variant;
    const loss = (layers: DenseWeights[], x: JaxArray, y: JaxArray, draws: Draws): JaxArray =>
      meanNll(forward(layers, x, draws, shape, hooks), y);
    this.#shape = shape;
    this.#variant = variant;
    this.#state = adamStart(initialWeights(shape, weightsKey));
    this.#predict = jit((layers: DenseWeights[], x: JaxArray, draws: Draws) => forward(layers, x, draws, shape, hooks));
    this.#step = jit((state: State, factors: JaxArray, x: JaxArray, y: JaxArray, draws: Draws) => {
      const [value, gradient] = valueAndGrad(loss)(tree.ref(state.params), x, y, draws);
      return [value, adamStep(state, gradient as unknown as DenseWeights[], factors)];
    }) as never;
  }

  /** Takes training step `t` (from 0) and returns the batch's mean loss before it, with the variant's noise on. */
  train(t: number, batch: Batch, learningRate: number): number {
    const { inputs, classes } = this.#shape;
    const [loss, next] = this.#step(
      this.#state,
      np.array(adamFactors(learningRate, t)),
      np.array(batch.inputs, { shape: [batch.rows, inputs] }),
      np.array(batch.targets, { shape: [batch.rows, classes] }),
      this.#variant.train(t, batch.rows),
    );
    this.#state = next;
    return loss.item(); // read at every step: jax-js lets unread work pile up
  }

  /** Logits [rows, classes] in evaluation mode. */
  predict(inputs: Float32Array, rows: number): Float32Array {
    const x = np.array(inputs, { shape: [rows, this.#shape.inputs] });
    return this.#predict(tree.ref(this.#state.params), x, this.#variant.eval()).dataSync() as Float32Array;
  }

  /** Weights [inputs, outputs] and biases [outputs] of each layer, from the inputs on; frees all the rest. */
  takeWeights(): WeightArray[] {
    const { params, mean, square } = this.#state;
    tree.dispose([mean, square]);
    return params
      .flatMap(({ w, b }) => [w, b])
      .map((array) => ({
        shape: [...array.shape],
        values: array.dataSync() as Float32Array,
      }));
  }

  release(): void {
    tree.dispose(this.#state);
  }
}
