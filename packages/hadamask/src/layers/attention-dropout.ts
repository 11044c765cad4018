// Dropout of attention weights: a softmax over keys, then a mask over what it gives.

import { checkLength, outputFor, rangeError, toFloatArray, zerosLike } from "../check.js";
import { checkShape, type Shape } from "../placement/shape.js";
import type { MaskStream } from "../random/source.js";
import type { FloatArray, FloatInput, Like } from "../types.js";
import { MaskLayer, type MaskLayerOptions, type MaskLayerState } from "./base/mask-layer.js";
import { shapeOf } from "./base/pass-shape.js";
import { resumeOnStream } from "./base/resume.js";
import type { GradientOptions } from "./base/stochastic-layer.js";
import type { ShapedPassOptions } from "./spatial-dropout.js";

/** What is dropped: single weights, keys before the softmax, or whole heads. */
export type AttentionDrops = "weights" | "keys" | "heads";

export type AttentionDropoutOptions = MaskLayerOptions & {
  /**
   * "weights" (default): each weight after the softmax. "keys": each key of each query before it, so that the weights
   * of those that are left add up to 1 (DropKey); nothing is scaled. "heads": all weights of a head (DropHead).
   */
  readonly drops?: AttentionDrops | undefined;
};

/** All that an {@link AttentionDropout} layer needs to go on as if it had never stopped. */
export interface AttentionDropoutState extends MaskLayerState {
  readonly layer: "AttentionDropout";
  readonly drops: AttentionDrops;
}

/**
 * Attention weights with dropout, from scores: softmax over the last axis first, then the mask.
 *
 *     w[…, j] = exp(x[…, j]) / sum over j of exp(x[…, j])
 *     train, sample   y = m * w * scale         scale = 1 / keep ("inverted") or 1 ("classic")
 *     eval            y = w                     ("classic": keep * w)
 *     backward        dx = w * (g - sum over j of w g),   g = m * dy * scale
 *     drops "keys"    w = softmax over the keys that are kept, y = w; "heads": one decision for all weights of a head
 *
 * The weights before the mask, whose rows sum to 1, are {@link AttentionDropout.weights}: look at those
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
 *   weights. Keys: Li et al., "DropKey for vision transformer", CVPR 2023. Heads: Zhou et al., "Scheduled DropHead",
 *   Findings of EMNLP 2020; there the heads that are left are scaled by heads / kept.
 */
export class AttentionDropout extends MaskLayer {
  readonly drops: AttentionDrops;
  #weights: FloatArray | undefined;
  #keys = 0;

  constructor(options: AttentionDropoutOptions) {
    super("AttentionDropout", options, { options: ["drops"] });
    this.drops = options.drops ?? "weights";
    if (this.drops !== "weights" && this.drops !== "keys" && this.drops !== "heads") {
      throw rangeError(this.name, "drops", '"weights", "keys" or "heads"', options.drops);
    }
    if (this.drops === "keys" && this.scaling === "classic") {
      throw new TypeError(`${this.name}: scaling goes with drops "weights" or "heads"; dropped keys need none`);
    }
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
    const [wanted, least] = this.drops === "heads" ? ["[…,heads,queries,keys]", 3] : ["[…,keys]", 1];
    const shape = checkShape(
      where,
      shapeOf(where, options, wanted as string, (rank) => rank >= (least as number)),
      scores.length,
    );
    const out = outputFor(where, scores, options.out);
    const weights = this.drops === "keys" ? this.#withoutKeys(scores, shape, options) : softmaxRows(scores, shape);
    if (this.drops === "keys") out.set(weights);
    else {
      const sharedAxes = this.drops === "heads" ? [-2, -1] : [];
      this.masked(weights, { ...options, out }, { shape, sharedAxes });
    }
    this.#weights = weights;
    this.#keys = shape.at(-1)!;
    return out as Like<X>;
  }

  /** The softmax over the keys that are kept. */
  #withoutKeys(scores: FloatArray, shape: Shape, options: ShapedPassOptions): FloatArray {
    const { out: _, ...pass } = options;
    const kept = this.masked(zerosLike(scores).fill(1), pass, { shape });
    return softmaxRows(
      scores.map((score, i) => (kept[i] === 0 ? Number.NEGATIVE_INFINITY : score)),
      shape,
    );
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
    const g = this.drops === "keys" ? this.#copied(dy, options) : super.backward(dy, options);
    if (this.#weights !== undefined) throughSoftmax(this.#weights, g, this.#keys);
    return g;
  }

  /** `dy` in the output: where keys are dropped, weights of 0 say so by themselves. */
  #copied<X extends FloatInput>(dy: X, options: GradientOptions): Like<X> {
    const where = `${this.name}.backward`;
    this.remembered(where, options);
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, this.#weights!.length, "like x");
    const out = outputFor(where, values, options.out);
    if (out !== values) out.set(values);
    return out as Like<X>;
  }

  /** The weights are kept of the last pass alone. */
  protected override get remembers(): number {
    return 1;
  }

  get state(): AttentionDropoutState {
    return { layer: "AttentionDropout", drops: this.drops, ...this.maskState };
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
