// A network small enough to be trained while one looks at it: dense layers with dropout by the library, Adam beside
// them. Everything follows from the key; nothing depends on time.

import {
  denseDropoutBackward,
  denseDropoutForward,
  foldIn,
  type Key,
  normal,
  passKey,
  softmaxCrossEntropy,
} from "hadamask";

export interface SmallNetSettings {
  /** Inputs, hidden layers, outputs. */
  readonly sizes: readonly number[];
  /** Dropout after each hidden layer. */
  readonly rate: number;
  readonly activation: "relu" | "tanh";
  /** "classes": cross-entropy of labels. "values": mean squared error. */
  readonly loss: "classes" | "values";
  readonly learningRate: number;
  /** Weights are drawn towards 0 by this share of themselves a step, times the learning rate. */
  readonly weightDecay?: number;
  readonly key: Key;
}

/** Rows one after the other; a label or a value a row. */
export interface SmallData {
  readonly x: Float64Array;
  readonly y: ArrayLike<number>;
}

interface Layer {
  readonly W: Float64Array;
  readonly b: Float64Array;
}

/** One network, or several, that learn a step at a time. */
export interface Stepped {
  readonly steps: number;
  /** Trains until there are `steps` steps, or until `isLate` says so; returns whether steps are left to make. */
  train(steps: number, isLate?: () => boolean): boolean;
}

/** Adam's two running means of one array of weights. */
interface Moments {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

export class SmallNet {
  readonly settings: SmallNetSettings;
  readonly layers: readonly Layer[];
  readonly #moments: readonly (readonly [Moments, Moments])[];
  #steps = 0;

  constructor(settings: SmallNetSettings) {
    this.settings = settings;
    const { sizes, key } = settings;
    // He et al. 2015: weights of variance 2 / inputs.
    this.layers = sizes.slice(1).map((outputs, l) => ({
      W: normal(sizes[l]! * outputs, { key: foldIn(key, l) }).map((z) => z * Math.sqrt(2 / sizes[l]!)),
      b: new Float64Array(outputs),
    }));
    const moments = ({ length }: Float64Array): Moments => ({
      first: new Float64Array(length),
      second: new Float64Array(length),
    });
    this.#moments = this.layers.map(({ W, b }) => [moments(W), moments(b)]);
  }

  get steps(): number {
    return this.#steps;
  }

  /** The last layer's outputs for rows `x`: without noise, or with the masks of a pass, the same for all rows. */
  predict(x: Float64Array, pass?: number): Float64Array {
    let h: Float64Array = x;
    this.layers.forEach((layer, l) => {
      const key = pass === undefined ? undefined : passKey(foldIn(this.settings.key, 64 + l), pass);
      h = this.#forward(h, layer, l, key, true).y;
    });
    return h;
  }

  /** One step of Adam on all rows; returns the loss under the step's masks. */
  step({ x, y }: SmallData): number {
    const { key, loss } = this.settings;
    const passes = [];
    let h: Float64Array = x;
    for (const [l, layer] of this.layers.entries()) {
      const pass = this.#forward(h, layer, l, foldIn(foldIn(key, 32 + l), this.#steps));
      passes.push(pass);
      h = pass.y;
    }
    const head = loss === "classes" ? softmaxCrossEntropy(h, y) : meanSquare(h, y);
    this.#steps += 1;
    let dy: Float64Array = head.gradient;
    for (let l = passes.length - 1; l >= 0; l--) {
      const { dx, dW, db } = denseDropoutBackward(dy, passes[l]!.cache);
      this.#update(this.layers[l]!.W, dW, this.#moments[l]![0], this.settings.weightDecay ?? 0);
      this.#update(this.layers[l]!.b, db, this.#moments[l]![1], 0);
      dy = dx;
    }
    return head.loss;
  }

  /** One layer; hidden ones drop where there is a key. */
  #forward(h: Float64Array, { W, b }: Layer, l: number, key: Key | undefined, isPass = false) {
    const { rate, activation } = this.settings;
    const isLast = l === this.layers.length - 1;
    if (isLast) return denseDropoutForward(h, { W, b, activation: "linear", rate: 0 }, "eval");
    if (key === undefined) return denseDropoutForward(h, { W, b, activation, rate }, "eval");
    // A pass is one network: rows of one id have one mask. In training each row has its own.
    const ids = isPass ? { sampleIds: new Uint8Array(h.length / (W.length / b.length)) } : {};
    return denseDropoutForward(h, { W, b, activation, rate, key, ...ids }, isPass ? "sample" : "train");
  }

  #update(values: Float64Array, gradient: ArrayLike<number>, { first, second }: Moments, decay: number): void {
    const { learningRate } = this.settings;
    const [c1, c2] = [1 - BETA1 ** this.#steps, 1 - BETA2 ** this.#steps];
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!;
      first[i] = BETA1 * first[i]! + (1 - BETA1) * g;
      second[i] = BETA2 * second[i]! + (1 - BETA2) * g * g;
      values[i]! -= learningRate * (first[i]! / c1 / (Math.sqrt(second[i]! / c2) + EPSILON) + decay * values[i]!);
    }
  }
}

function meanSquare(outputs: Float64Array, targets: ArrayLike<number>): { loss: number; gradient: Float64Array } {
  const n = outputs.length;
  const gradient = outputs.map((value, i) => (2 * (value - targets[i]!)) / n);
  return { loss: outputs.reduce((sum, value, i) => sum + (value - targets[i]!) ** 2, 0) / n, gradient };
}

/** Probability of the second of two classes, a row of logits at a time. */
export const secondClass = (logits: Float64Array): Float64Array =>
  Float64Array.from({ length: logits.length / 2 }, (_, i) => 1 / (1 + Math.exp(logits[2 * i]! - logits[2 * i + 1]!)));
