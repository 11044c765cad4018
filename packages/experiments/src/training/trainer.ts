// One network trained on some rows, step by step, and asked about others on the way. Can be left between any two steps
// and gone on with later, with the same numbers. Knows no variant by name.

import { epochOrder, type RunKeys } from "../chance.js";
import { meanNllOf, type Predictions } from "../metrics.js";
import type { Model } from "../models/model.js";
import type { ActiveVariant } from "../variants/active.js";
import { Batches } from "./batches.js";
import { Network, type NetworkState } from "./network.js";
import type { Rows } from "./split.js";
import type { Ask, Task } from "./task.js";

export interface TrainerOptions {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** The test rows are asked about after every so many epochs, and after the last. */
  readonly evaluateEvery: number;
  readonly keys: RunKeys;
  /** Rows that are asked about whenever the test rows are. */
  readonly validation?: Rows;
  /** Makes the variant for so many steps. */
  activate(model: Model, steps: number): ActiveVariant;
}

/** Entry e of `trainLoss` is of epoch e + 1; the others are after `epochs`. */
export interface RunCurves {
  /** What is lowered: of values in units of the training rows' deviation. */
  readonly trainLoss: readonly number[];
  readonly epochs: readonly number[];
  readonly testNll: readonly number[];
  /** Share of wrong classes; of values the root mean square error, in their own unit. */
  readonly testError: readonly number[];
  /** After the same epochs, of the rows that were held back for validation; absent where none were. */
  readonly validation?: { readonly nll: readonly number[]; readonly error: readonly number[] };
}

/** All that a trainer is between two steps. */
export interface TrainerState {
  readonly step: number;
  /** Sum of the losses of this epoch's steps. */
  readonly loss: number;
  readonly curves: RunCurves;
  readonly network: NetworkState;
}

/** Rows to train on, and those that are asked about. */
export interface TrainedRows {
  readonly train: Rows;
  readonly test: Rows;
}

interface Growing extends RunCurves {
  readonly trainLoss: number[];
  readonly epochs: number[];
  readonly testNll: number[];
  readonly testError: number[];
  readonly validation?: { readonly nll: number[]; readonly error: number[] };
}

const copyOf = ({ trainLoss, epochs, testNll, testError, validation }: RunCurves): Growing => ({
  trainLoss: [...trainLoss],
  epochs: [...epochs],
  testNll: [...testNll],
  testError: [...testError],
  ...(validation && { validation: { nll: [...validation.nll], error: [...validation.error] } }),
});

export class Trainer {
  readonly variant: ActiveVariant;
  readonly epochs: number;
  readonly #task: Task;
  readonly #test: Rows;
  readonly #train: Rows;
  readonly #batches: Batches;
  readonly #options: TrainerOptions;
  readonly #network: Network;
  readonly #curves: Growing;
  #step = 0;
  #loss = 0;
  #order: Uint32Array | undefined;
  #asked: Predictions | undefined;

  constructor(model: Model, task: Task, rows: TrainedRows, options: TrainerOptions, from?: TrainerState) {
    const { epochs, batchSize, keys, validation } = options;
    const { train, test } = rows;
    this.#task = task;
    this.#train = train;
    this.#test = test;
    this.#options = options;
    this.#batches = new Batches(train, batchSize, task);
    this.epochs = epochs;
    this.variant = options.activate(model, epochs * this.#batches.perEpoch);
    this.#network = new Network(model, task.likelihood, this.variant, keys.weights, from?.network);
    const empty = { trainLoss: [], epochs: [], testNll: [], testError: [] };
    this.#curves = copyOf(from?.curves ?? { ...empty, ...(validation && { validation: { nll: [], error: [] } }) });
    if (from === undefined) return;
    this.#step = from.step;
    this.#loss = from.loss;
  }

  get isDone(): boolean {
    return this.#step === this.epochs * this.#batches.perEpoch;
  }

  get curves(): RunCurves {
    return this.#curves;
  }

  /** Of the test rows, when they were asked about last; undefined before that. */
  get asked(): Predictions | undefined {
    return this.#asked;
  }

  /** A copy of the arrays of each layer as they are now. */
  weights(): ReturnType<Network["weights"]> {
    return this.#network.weights();
  }

  /** Copies everything. */
  state(): TrainerState {
    return { step: this.#step, loss: this.#loss, curves: copyOf(this.#curves), network: this.#network.state() };
  }

  /** Takes one step. @returns Whether an epoch ended with it. */
  advance(): boolean {
    const { perEpoch } = this.#batches;
    const [epoch, b] = [Math.floor(this.#step / perEpoch), this.#step % perEpoch];
    if (b === 0 || this.#order === undefined) this.#order = epochOrder(this.#options.keys, epoch, this.#train.count);
    const penaltyWeight = Math.min(1, epoch / (WARM_UP * this.epochs)) / this.#train.count;
    const { learningRate, evaluateEvery } = this.#options;
    this.#loss += this.#network.train(this.#step, this.#batches.take(this.#order, b), learningRate, penaltyWeight);
    this.#step++;
    if (b + 1 < perEpoch) return false;
    this.#curves.trainLoss.push(this.#loss / perEpoch);
    this.#loss = 0;
    const done = epoch + 1;
    if (done % evaluateEvery === 0 || done === this.epochs) this.#evaluate(done);
    return true;
  }

  #evaluate(epoch: number): void {
    const predictions = this.predictTest();
    this.#asked = predictions;
    this.#curves.epochs.push(epoch);
    this.#curves.testNll.push(meanNllOf(predictions));
    this.#curves.testError.push(this.#task.error(predictions));
    if (this.#curves.validation === undefined) return;
    const held = this.#task.predict(this.#ask, this.#options.validation!, this.#train);
    this.#curves.validation.nll.push(meanNllOf(held));
    this.#curves.validation.error.push(this.#task.error(held));
  }

  predictTest(): Predictions {
    return this.#task.predict(this.#ask, this.#test, this.#train);
  }

  trainError(): number {
    return this.#task.error(this.#task.predict(this.#ask, this.#train, this.#train));
  }

  readonly #ask: Ask = (rows) => outputsOf(this.#network, rows);

  /** What the network is at the end; nothing can be called after that. */
  finish(): { learned: ReturnType<Network["learned"]>; weights: ReturnType<Network["takeWeights"]> } {
    return { learned: this.#network.learned(), weights: this.#network.takeWeights() };
  }

  release(): void {
    this.#network.release();
  }
}

/**
 * The share of the epochs over which the weight of the penalty grows from 0 to 1 / (training rows). At once it would
 * put all weights into noise before they have learned a thing (Molchanov et al. 2017, section 4.3).
 */
const WARM_UP = 0.5;

/** Rows predicted at a time: large enough to be fast, small enough for the memory of a picture data set. */
const PREDICTED_AT_ONCE = 1000;

function* outputsOf(network: Network, rows: Rows): ReturnType<Ask> {
  for (let start = 0; start < rows.count; start += PREDICTED_AT_ONCE) {
    const n = Math.min(PREDICTED_AT_ONCE, rows.count - start);
    const chosen = Array.from({ length: n }, (_, i) => start + i);
    const inputs = new Float32Array(n * rows.featureCount);
    rows.readInputs(chosen, inputs);
    yield { start, outputs: network.predict(inputs, n) };
  }
}
