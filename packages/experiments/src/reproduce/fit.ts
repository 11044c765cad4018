// Trains the network on some rows: first weights, orders and masks from one key, epoch by epoch. Knows no data set.

import { foldIn, type Key, keepMask, split, uniform } from "hadamask";
import { permutation } from "../chance.js";
import { type EpochRates, type EpochShape, type EpochTrainer, padded } from "./epoch.js";
import { plainTrainer } from "./epoch-plain.js";
import { simdTrainer } from "./epoch-simd.js";

/** Standardised rows: `x` in C order, `columns` numbers a row. */
export interface RegressionRows {
  readonly columns: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface FitOptions extends EpochRates {
  readonly hidden: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** A trained network: `w1` has a row of hidden units for each column. */
export interface RegressionNetwork {
  readonly columns: number;
  readonly hidden: number;
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: number;
}

/**
 * Trains one hidden layer with dropout on inputs and hidden units, as {@link EpochTrainer} says.
 *
 * Randomness. First weights (Glorot's uniform ones; biases 0), the order of each epoch, the masks of the inputs and of
 *   the hidden units are each under a key of their own, from `key`. Element (e n + i) c + j of a mask is input j of the
 *   i-th row of epoch e, for n rows of c columns: how many epochs are drawn at a time changes nothing.
 *
 * @param make Which implementation trains; by default SIMD where there is any. The bits are the same.
 * @param onEpoch Called with the number of epochs done, some times a second at most.
 */
export function fit(
  rows: RegressionRows,
  options: FitOptions,
  key: Key,
  { make = trainerOf, onEpoch }: { make?: typeof trainerOf; onEpoch?: (done: number) => void } = {},
): RegressionNetwork {
  const { columns } = rows;
  const { hidden, epochs, batchSize, learningRate } = options;
  const n = rows.y.length;
  const [weightsKey, orderKey, inputKey, hiddenKey] = split(key, 4) as [Key, Key, Key, Key];
  const most = Math.max(1, Math.min(epochs, Math.floor(DRAWN_AT_ONCE / (n * Math.max(columns, hidden)))));
  const wordsOf = (size: number, count: number): number => Math.ceil((count * n * size) / 32);
  const trainer = make(
    { rows: n, columns, hidden, batchSize, inputWords: wordsOf(columns, most), hiddenWords: wordsOf(hidden, most) },
    options,
  );
  fillRows(trainer.x, rows);
  trainer.y.set(rows.y);
  setFirstWeights(trainer.weights, columns, hidden, weightsKey);
  const factors = new AdamFactors(learningRate);
  for (let first = 0; first < epochs; first += most) {
    const count = Math.min(most, epochs - first);
    const draw = (bits: Uint32Array, size: number, from: Key): void => {
      const out = bits.subarray(0, wordsOf(size, count));
      keepMask(count * n * size, { rate: options.rate, key: from, offset: first * n * size, out });
    };
    draw(trainer.inputBits, columns, inputKey);
    draw(trainer.hiddenBits, hidden, hiddenKey);
    for (let e = 0; e < count; e++) {
      trainer.order.set(permutation(foldIn(orderKey, first + e), n));
      factors.fill(trainer.factors);
      trainer.epoch(e * n * columns, e * n * hidden);
    }
    onEpoch?.(first + count);
  }
  return networkOf(trainer.weights, columns, hidden);
}

/** Decisions of one mask that are drawn at a time: few calls, and no more memory than a cache has. */
const DRAWN_AT_ONCE = 2 ** 20;

const trainerOf = (shape: EpochShape, rates: EpochRates): EpochTrainer =>
  simdTrainer(shape, rates) ?? plainTrainer(shape, rates);

function fillRows(to: Float32Array, { columns, x, y }: RegressionRows): void {
  const stride = padded(columns);
  for (let r = 0; r < y.length; r++) to.set(x.subarray(r * columns, (r + 1) * columns), r * stride);
}

/**
 * @see Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
 */
function setFirstWeights(weights: Float32Array, columns: number, hidden: number, key: Key): void {
  const stride = padded(hidden);
  const u = uniform((columns + 1) * hidden, { key });
  const drawn = (i: number, inputs: number, outputs: number): number =>
    (2 * u[i]! - 1) * Math.sqrt(6 / (inputs + outputs));
  for (let j = 0; j < columns; j++) {
    for (let c = 0; c < hidden; c++) weights[j * stride + c] = drawn(j * hidden + c, columns, hidden);
  }
  for (let c = 0; c < hidden; c++) weights[columns * stride + c] = drawn(columns * hidden + c, hidden, 1);
}

/** Learning rate times √(1 - β2^t) / (1 - β1^t) for t = 1, 2, … */
class AdamFactors {
  readonly #learningRate: number;
  #first = 1;
  #second = 1;

  constructor(learningRate: number) {
    this.#learningRate = learningRate;
  }

  fill(out: Float32Array): void {
    for (let i = 0; i < out.length; i++) {
      this.#first *= 0.9;
      this.#second *= 0.999;
      out[i] = (this.#learningRate * Math.sqrt(1 - this.#second)) / (1 - this.#first);
    }
  }
}

function networkOf(weights: Float32Array, columns: number, hidden: number): RegressionNetwork {
  const stride = padded(hidden);
  const row = (r: number): Float32Array => weights.slice(r * stride, r * stride + hidden);
  const w1 = new Float32Array(columns * hidden);
  for (let j = 0; j < columns; j++) w1.set(row(j), j * hidden);
  return { columns, hidden, w1, w2: row(columns), b1: row(columns + 1), b2: weights[(columns + 2) * stride]! };
}
