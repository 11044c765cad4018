// Predictions of a trained network with dropout on, many times, and what they say of given targets. Knows no training.
//
// A pass is computed from the network without masks: what is dropped is taken away. At the small rates of these
// networks most inputs and units stay, so that a pass costs a few operations a row.

import { type Key, keepMask, passKey, split } from "hadamask";
import type { RegressionNetwork, RegressionRows } from "./fit.js";

export interface PassesOptions {
  /** Probability of dropping an input, and a hidden unit. */
  readonly rate: number;
  readonly passes: number;
  /** From the network's output to the unit of `targets`: output × factor + shift. */
  readonly factor: number;
  readonly shift: number;
  /** Precisions of the observation noise, in 1 / (unit of `targets`)². */
  readonly precisions: readonly number[];
}

/** Root mean squared errors, and for each precision mean log-likelihoods, of three predictions of the same rows. */
export interface Scores {
  readonly rmse: Triple;
  readonly logLikelihood: readonly Triple[];
}

/** One pass with dropout; dropout off; all passes. */
export interface Triple {
  readonly singlePass: number;
  readonly off: number;
  readonly mean: number;
}

/**
 * Predicts each row `passes` times with dropout on inputs and hidden units, once more for the single pass, and once
 * with dropout off.
 *
 *     log-likelihood of a row = log 1/T Σ_t N(y; y_t, 1/τ)
 *                             = logsumexp_t(-τ/2 (y - y_t)²) - log T - log(2π)/2 + log(τ)/2
 *
 * Randomness. Pass t draws under `passKey`, number t, of two keys from `key`: element i c + j of the first is input j
 *   of row i, for c columns. The single pass is number T.
 * Numerics. float64. exp and log are the engine's: last digits of likelihoods may differ between engines.
 * Cost. Passes × rows × (a few operations for each dropped input and hidden unit).
 *
 * @param targets In their own unit.
 */
export function scorePasses(
  network: RegressionNetwork,
  rows: Pick<RegressionRows, "x">,
  targets: Float64Array,
  options: PassesOptions,
  key: Key,
): Scores {
  const { passes, precisions } = options;
  const n = targets.length;
  const sampler = new Sampler(network, rows.x, n, options, key);
  const sums = new Float64Array(n);
  const mixtures = precisions.map((precision) => new Mixtures(n, precision));
  const outputs = new Float64Array(n);
  for (let t = 0; t < passes; t++) {
    sampler.sample(t, outputs);
    for (let i = 0; i < n; i++) {
      sums[i]! += outputs[i]!;
      const squared = (targets[i]! - outputs[i]!) ** 2;
      for (const mixture of mixtures) mixture.add(i, squared);
    }
  }
  sampler.sample(passes, outputs);
  const mean = sums.map((sum) => sum / passes);
  const off = sampler.off;
  return {
    rmse: { singlePass: rmse(outputs, targets), off: rmse(off, targets), mean: rmse(mean, targets) },
    logLikelihood: mixtures.map((mixture, p) => ({
      singlePass: gaussian(outputs, targets, precisions[p]!),
      off: gaussian(off, targets, precisions[p]!),
      mean: mixture.meanLogLikelihood(passes),
    })),
  };
}

/** Root of the mean squared difference. */
function rmse(predictions: Float64Array, targets: Float64Array): number {
  return Math.sqrt(meanSquare(predictions, targets));
}

function meanSquare(predictions: Float64Array, targets: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += (targets[i]! - predictions[i]!) ** 2;
  return sum / targets.length;
}

const gaussian = (predictions: Float64Array, targets: Float64Array, precision: number): number =>
  (-precision / 2) * meanSquare(predictions, targets) + normaliser(precision);

/** log √(τ / 2π) */
const normaliser = (precision: number): number => Math.log(precision) / 2 - Math.log(2 * Math.PI) / 2;

/** For each row the logarithm of a sum of exponentials, one term at a time. */
class Mixtures {
  readonly #precision: number;
  readonly #largest: Float64Array;
  readonly #sums: Float64Array;

  constructor(rows: number, precision: number) {
    this.#precision = precision;
    this.#largest = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.#sums = new Float64Array(rows);
  }

  add(row: number, squared: number): void {
    const term = (-this.#precision / 2) * squared;
    const largest = this.#largest[row]!;
    if (term <= largest) {
      this.#sums[row]! += Math.exp(term - largest);
    } else {
      this.#sums[row] = this.#sums[row]! * Math.exp(largest - term) + 1;
      this.#largest[row] = term;
    }
  }

  meanLogLikelihood(passes: number): number {
    let sum = 0;
    for (let i = 0; i < this.#sums.length; i++) sum += this.#largest[i]! + Math.log(this.#sums[i]!);
    return sum / this.#sums.length - Math.log(passes) + normaliser(this.#precision);
  }
}

/** Outputs of rows in a pass, in the unit of the targets. */
class Sampler {
  /** With dropout off. */
  readonly off: Float64Array;
  readonly #network: RegressionNetwork;
  readonly #x: Float32Array;
  readonly #options: PassesOptions;
  readonly #keys: readonly Key[];
  readonly #scale: number;
  /** With all inputs kept and scaled: sums of the hidden units, what each adds to the output, and the output. */
  readonly #sums: Float64Array;
  readonly #parts: Float64Array;
  readonly #outputs: Float64Array;
  readonly #w1: Float64Array;
  readonly #w2: Float64Array;
  readonly #inputBits: Uint32Array;
  readonly #hiddenBits: Uint32Array;
  readonly #changed: Float64Array;

  constructor(network: RegressionNetwork, x: Float32Array, n: number, options: PassesOptions, key: Key) {
    const { columns: d, hidden: h, w1, b1, w2, b2 } = network;
    this.#network = network;
    this.#x = x;
    this.#options = options;
    this.#keys = split(key, 2);
    this.#scale = 1 / (1 - options.rate);
    this.#w1 = Float64Array.from(w1, (w) => w * this.#scale);
    this.#w2 = Float64Array.from(w2, (w) => w * this.#scale);
    this.#sums = new Float64Array(n * h);
    this.#parts = new Float64Array(n * h);
    this.#outputs = new Float64Array(n);
    this.off = new Float64Array(n);
    // One word more than the masks need: bits are read in pairs of words.
    this.#inputBits = new Uint32Array(Math.ceil((n * d) / 32) + 1);
    this.#hiddenBits = new Uint32Array(Math.ceil((n * h) / 32) + 1);
    this.#changed = new Float64Array(h);
    for (let i = 0; i < n; i++) {
      let [scaled, plain] = [b2, b2];
      for (let c = 0; c < h; c++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += x[i * d + j]! * w1[j * h + c]!;
        plain += Math.max(b1[c]! + sum, 0) * w2[c]!;
        this.#sums[i * h + c] = b1[c]! + sum * this.#scale;
        this.#parts[i * h + c] = Math.max(this.#sums[i * h + c]!, 0) * this.#w2[c]!;
        scaled += this.#parts[i * h + c]!;
      }
      this.#outputs[i] = scaled;
      this.off[i] = plain * options.factor + options.shift;
    }
  }

  sample(pass: number, out: Float64Array): void {
    const { columns: d, hidden: h } = this.#network;
    const { rate, factor, shift } = this.#options;
    const draw = (bits: Uint32Array, size: number, key: Key): void => {
      const count = out.length * size;
      keepMask(count, { rate, key: passKey(key, pass), out: bits.subarray(0, Math.ceil(count / 32)) });
    };
    draw(this.#inputBits, d, this.#keys[0]!);
    draw(this.#hiddenBits, h, this.#keys[1]!);
    const inputBits = this.#inputBits;
    const hiddenBits = this.#hiddenBits;
    const parts = this.#parts;
    const changed = this.#changed;
    const outputs = this.#outputs;
    for (let i = 0; i < out.length; i++) {
      const output = hasDropped(inputBits, i * d, d)
        ? this.#withoutInputs(i) - sumOfDropped(changed, 0, hiddenBits, i * h, h)
        : outputs[i]! - sumOfDropped(parts, i * h, hiddenBits, i * h, h);
      out[i] = output * factor + shift;
    }
  }

  /** The output of row i without its dropped inputs, and in `#changed` what each hidden unit adds to it. */
  #withoutInputs(i: number): number {
    const { columns: d, hidden: h, b2 } = this.#network;
    const changed = this.#changed;
    const sums = this.#sums;
    const w1 = this.#w1;
    const w2 = this.#w2;
    const x = this.#x;
    for (let c = 0; c < h; c++) changed[c] = sums[i * h + c]!;
    for (let first = 0; first < d; first += 32) {
      for (let bits = droppedAt(this.#inputBits, i * d + first, d - first); bits !== 0; bits &= bits - 1) {
        const j = first + lowest(bits);
        const value = x[i * d + j]!;
        for (let c = 0, w = j * h; c < h; c++, w++) changed[c]! -= value * w1[w]!;
      }
    }
    let output = b2;
    for (let c = 0; c < h; c++) {
      const sum = changed[c]!;
      const part = sum > 0 ? sum * w2[c]! : 0;
      changed[c] = part;
      output += part;
    }
    return output;
  }
}

/** Of up to 32 bits from `at` on, at most `count`: those that are 0. */
function droppedAt(bits: Uint32Array, at: number, count: number): number {
  const word = at >>> 5;
  const shift = at & 31;
  const value = shift === 0 ? bits[word]! : (bits[word]! >>> shift) | (bits[word + 1]! << (32 - shift));
  return ~value & (count >= 32 ? -1 : (1 << count) - 1);
}

function hasDropped(bits: Uint32Array, at: number, count: number): boolean {
  for (let first = 0; first < count; first += 32) if (droppedAt(bits, at + first, count - first) !== 0) return true;
  return false;
}

function sumOfDropped(parts: Float64Array, from: number, bits: Uint32Array, at: number, count: number): number {
  let sum = 0;
  for (let first = 0; first < count; first += 32) {
    for (let set = droppedAt(bits, at + first, count - first); set !== 0; set &= set - 1) {
      sum += parts[from + first + lowest(set)]!;
    }
  }
  return sum;
}

/** The number of the lowest bit that is set. */
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);
