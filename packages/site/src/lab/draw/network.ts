// The digit network and its stochastic passes: the library's own dense layers, on the weights that training left.

import { denseDropoutForward, dropout, foldIn, key } from "hadamask";
import { portableExp } from "hadamask/theory";
import { type ClassStatistics, classStatistics } from "hadamask/uncertainty";

/** As it is stored: weights and biases of each layer, one after the other, as float32 in base64. */
export interface StoredNetwork {
  readonly sizes: readonly number[];
  /** Stored pixels times this are inputs. */
  readonly scale: number;
  /** Of training. */
  readonly inputRate: number;
  readonly rate: number;
  readonly trainRows: number;
  /** Rows that it was not trained on, and the share of them that it got wrong. */
  readonly testRows: number;
  readonly testError: number;
  readonly weights: string;
}

interface Layer {
  readonly W: Float32Array;
  readonly b: Float32Array;
}

export interface DigitNetwork extends Omit<StoredNetwork, "weights"> {
  readonly layers: readonly Layer[];
  readonly classes: number;
}

export function networkFrom({ weights, ...rest }: StoredNetwork): DigitNetwork {
  const numbers = new Float32Array(Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0)).buffer);
  let at = 0;
  const take = (n: number): Float32Array => {
    at += n;
    return numbers.subarray(at - n, at);
  };
  const layers = rest.sizes.slice(1).map((outputs, l) => ({ W: take(rest.sizes[l]! * outputs), b: take(outputs) }));
  return { ...rest, layers, classes: rest.sizes.at(-1)! };
}

export interface PassOptions {
  readonly passes: number;
  /** Of hidden units; inputs are dropped in the proportion of training. */
  readonly rate: number;
  readonly seed: number;
}

/**
 * Class probabilities of each pass, passes x classes. A pass is one network: its masks come from a key of its own.
 *
 * @param pixels As they are stored in the data set.
 */
export function passesOf(network: DigitNetwork, pixels: ArrayLike<number>, options: PassOptions): Float64Array {
  const { passes, rate, seed } = options;
  const ids = Uint32Array.from({ length: passes }, (_, pass) => pass);
  const root = key(seed);
  const inputs = pixels.length;
  const rows = Float64Array.from({ length: passes * inputs }, (_, i) => pixels[i % inputs]! * network.scale);
  const inputRate = rate * (network.inputRate / network.rate);
  let h = dropout(rows, { rate: inputRate, key: foldIn(root, 0), sampleIds: ids });
  for (const [l, { W, b }] of network.layers.entries()) {
    const isLast = l === network.layers.length - 1;
    const own = { W, b, activation: isLast ? "linear" : "relu", rate: isLast ? 0 : rate } as const;
    h = denseDropoutForward(h, { ...own, key: foldIn(root, l + 1), sampleIds: ids }, "sample").y;
  }
  return softmaxRows(h, network.classes);
}

function softmaxRows(logits: Float64Array, classes: number): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const powers = row.map((logit) => portableExp(logit - largest));
    const sum = powers.reduce((a, b) => a + b);
    probabilities.set(
      powers.map((power) => power / sum),
      start,
    );
  }
  return probabilities;
}

export interface Answer {
  readonly probabilities: Float64Array;
  readonly statistics: ClassStatistics;
}

export function answerOf(network: DigitNetwork, pixels: ArrayLike<number>, options: PassOptions): Answer {
  const probabilities = passesOf(network, pixels, options);
  return { probabilities, statistics: classStatistics(probabilities, { rows: 1, classes: network.classes }) };
}
