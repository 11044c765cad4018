// Dropout of attention weights: a softmax over keys, then a mask over what it gives.

import { outputFor, toFloatArray } from "../check.js";
import { checkShape, type Shape } from "../placement/shape.js";
import type { MaskStream } from "../random/source.js";
import type { FloatArray, FloatInput, Like } from "../types.js";
import { MaskLayer, type MaskLayerOptions, type MaskLayerState } from "./base/mask-layer.js";
import { shapeOf } from "./base/pass-shape.js";
import { resumeOnStream } from "./base/resume.js";
import type { GradientOptions } from "./base/stochastic-layer.js";
import type { ShapedPassOptions } from "./spatial-dropout.js";

/** All that an {@link AttentionDropout} layer needs to go on as if it had never stopped. */
export interface AttentionDropoutState extends MaskLayerState {
  readonly layer: "AttentionDropout";
}

/**
 * Attention weights with dropout, from scores: softmax over the last axis first, then the mask.
 *
 *     w[…, j] = exp(x[…, j]) / sum over j of exp(x[…, j])
 *     train, sample   y = m * w * scale         scale = 1 / keep ("inverted") or 1 ("classic")
 *     eval            y = w                     ("classic": keep * w)
 *     backward        dx = w * (g - sum over j of w g),   g = m * dy * scale
 *
 * The weights before the mask, whose rows sum to 1, are {@link AttentionDropout.weights}: those are to be looked at
 * or plotted. {@link Attention} puts queries, keys and values around this.
 *
 * Shapes. [batch, heads, queries, keys], or any shape whose last axis is that of the keys. Every weight has a
 *   decision of its own: no mask is shared between heads or samples. Scores of -Infinity have weight 0; where all
 *   scores of a row are -Infinity all weights are 0.
 * Randomness, modes, state. As {@link Dropout}.
 * Numerics. The softmax is computed in float64 and rounded once. A dropped NaN becomes +0; a row in which no weight
 *   is kept has gradient +0. Rate 0 is softmax, rate 1 gives +0.
 * Cost. Two passes over the scores; the weights are kept for `backward`.
 *
 * @throws {TypeError | RangeError} As {@link Dropout}.
 * @example
 * ```ts
 * import { AttentionDropout } from "hadamask";
 * const layer = new AttentionDropout({ rate: 0.5 });
 * const y = layer.forward([0, 0, 0, 0], { shape: [1, 1, 2, 2], mask: [1, 0, 1, 1] });
 * console.log(y, layer.weights); // Float64Array(4) [ 1, 0, 1, 1 ] Float64Array(4) [ 0.5, 0.5, 0.5, 0.5 ]
 * ```
 * @see Vaswani et al., "Attention is all you need", NIPS 2017; the reference implementation, tensor2tensor, drops the
 *   weights.
 */
export class AttentionDropout extends MaskLayer {
  #weights: FloatArray | undefined;
  #keys = 0;

  constructor(options: MaskLayerOptions) {
    super("AttentionDropout", options);
  }

  /**
   * Weights of the present mode, from scores.
   *
   * @param options `shape`; the rest as for {@link Dropout}. `sampleIds` gives one id a row of the first axis.
   * @throws {TypeError | RangeError} If the shape does not fit `x`, or an option does not fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: ShapedPassOptions): Like<X> {
    const where = `${this.name}.forward`;
    const scores = toFloatArray(where, "x", x);
    const shape = checkShape(
      where,
      shapeOf(where, options, "[…,keys]", (rank) => rank >= 1),
      scores.length,
    );
    const out = outputFor(where, scores, options.out);
    const weights = softmaxRows(scores, shape);
    const y = this.masked(weights, { ...options, out }, { shape });
    this.#weights = weights;
    this.#keys = shape.at(-1)!;
    return y as Like<X>;
  }

  /** The weights of the last forward pass before the mask; undefined before a first pass. */
  get weights(): FloatArray | undefined {
    return this.#weights?.slice();
  }

  /**
   * The gradient with respect to the scores of the last `forward`, through the mask and the softmax.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as the scores.
   */
  override backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const g = super.backward(dy, options);
    if (this.#weights !== undefined) throughSoftmax(this.#weights, g, this.#keys);
    return g;
  }

  /** The weights are kept of the last pass alone. */
  protected override get remembers(): number {
    return 1;
  }

  get state(): AttentionDropoutState {
    return { layer: "AttentionDropout", ...this.maskState };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link AttentionDropout.state} gave, or holds a stream
   * and none is given.
   */
  static fromState(state: AttentionDropoutState, options: { readonly stream?: MaskStream } = {}): AttentionDropout {
    return resumeOnStream("AttentionDropout", state, options.stream, (saved) => new AttentionDropout(saved));
  }
}

/** Softmax of each row, in a new array of the type of `x`. */
function softmaxRows(x: FloatArray, shape: Shape): FloatArray {
  const keys = shape.at(-1)!;
  const out = x.slice();
  for (let start = 0; start < x.length; start += keys) softmaxInto(out.subarray(start, start + keys));
  return out;
}

function softmaxInto(row: FloatArray): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of row) largest = Math.max(largest, score); // NaN stays NaN
  if (largest === Number.NEGATIVE_INFINITY) {
    row.fill(0);
    return;
  }
  const powers = Float64Array.from(row, (score) => Math.exp(score - largest));
  let sum = 0;
  for (const power of powers) sum += power;
  powers.forEach((power, j) => {
    row[j] = power / sum;
  });
}

/** Turns the gradient of the weights into that of the scores, row by row and in place. */
function throughSoftmax(weights: FloatArray, gradient: FloatArray, keys: number): void {
  for (let start = 0; start < weights.length; start += keys) {
    const g = gradient.subarray(start, start + keys);
    if (g.every((value) => value === 0)) {
      g.fill(0); // not w * 0, which is NaN where a dropped weight was
      continue;
    }
    let mean = 0;
    for (let j = 0; j < keys; j++) if (g[j] !== 0) mean += weights[start + j]! * g[j]!;
    for (let j = 0; j < keys; j++) g[j] = weights[start + j]! * (g[j]! - mean);
  }
}
