// Scaled dot-product attention whose weights are dropped: queries, keys and values around AttentionDropout.

import { checkCount, checkLength, toFloatArray, typeError, zerosLike } from "../check.js";
import { checkOptions } from "../options.js";
import type { GivenMask } from "../placement/mask-bits.js";
import type { MaskStream } from "../random/source.js";
import type { FloatArray, FloatInput, Mode } from "../types.js";
import { AttentionDropout, type AttentionDropoutOptions, type AttentionDropoutState } from "./attention-dropout.js";
import { multiplyStacks, type Stack } from "./base/stacks.js";
import { type PassOptions, trainingMode } from "./base/stochastic-layer.js";

/**
 * Lengths of the axes of queries [batch, heads, queries, width], keys [batch, heads, keys, width] and values [batch,
 * heads, keys, valueWidth].
 */
export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  /** Default `width`. */
  readonly valueWidth?: number;
}

export type AttentionOptions = AttentionDropoutOptions & {
  /**
   * True: query i sees keys up to its own place alone, counted from the end where there are more keys than queries
   * (keys that were kept from before). Default false.
   */
  readonly isCausal?: boolean | undefined;
};

/** All that an {@link Attention} layer needs to go on with the same masks. */
export type AttentionState = AttentionDropoutState & { readonly isCausal?: boolean };

export interface AttentionPassOptions extends PassOptions {
  readonly shape: AttentionShape;
  /**
   * Added to the scores: [queries, keys] for all, or [batch, heads, queries, keys]. -Infinity hides a key from a
   * query.
   */
  readonly bias?: FloatInput;
  /** The decisions by hand, one a weight, instead of drawn ones. */
  readonly mask?: GivenMask;
  /** One id for each row of the batch: its masks depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
}

const TAKEN = ["rate", "keep", "scaling", "arithmetic", "drops", "isCausal", "key", "mode", "stream"];

/**
 * What is to be known of a forward pass to go back through it: copies of its inputs, and the weights after the mask.
 */
interface AttentionPass {
  readonly q: Stack;
  readonly k: Stack;
  readonly v: Stack;
  readonly used: Stack;
}

/**
 * Scaled dot-product attention with dropout of its weights, forward and backward.
 *
 *     w = softmax(q kᵀ / sqrt(width) + bias)    used = m * w / keep  ("train", "sample"),  w  ("eval")
 *     output = used v
 *     dv = usedᵀ dOutput    dw through {@link AttentionDropout}    dq = ds k / sqrt(width)
 *     dk = dsᵀ q / sqrt(width)
 *
 * Mode, step and pass are those of {@link Attention.dropout}, which owns the key: there is no switch to forget, and
 * nothing is dropped in mode "eval".
 *
 * Shapes. `shape` says them. Every sample, head, query and key has a decision of its own: decision ((n * heads + h) *
 *   queries + i) * keys + j is that of key j for query i.
 * Numerics. Sums in float64, rounded once; the element type is that of the queries.
 * Cost. That of plain attention in TypeScript: 4 * batch * heads * queries * keys * width operations each way,
 * without blocking.
 *
 * @throws {TypeError | RangeError} As {@link AttentionDropout}.
 * @example
 * ```ts
 * import { Attention, key } from "hadamask";
 * const attention = new Attention({ rate: 0.5, key: key(1) });
 * const shape = { batch: 1, heads: 1, queries: 1, keys: 2, width: 1 };
 * const { output, weights } = attention.forward([0], [1, 1], [3, 5], { shape, mask: [0, 1] });
 * console.log(output, weights); // Float64Array(1) [ 5 ] Float64Array(2) [ 0.5, 0.5 ]
 * ```
 * @see Vaswani et al., "Attention is all you need", NIPS 2017, section 3.2.1.
 */
export class Attention {
  /** The layer that turns scores into dropped weights. */
  readonly dropout: AttentionDropout;
  readonly isCausal: boolean;
  #last: AttentionPass | undefined;

  /**
   * @param options Those of {@link AttentionDropout} and `isCausal`, or such a layer.
   * @param isCausal With a layer: as the option.
   */
  constructor(options: AttentionOptions | AttentionDropout, isCausal = false) {
    const isLayer = options instanceof AttentionDropout;
    if (!isLayer) checkOptions("Attention", options, TAKEN);
    const { isCausal: given, ...rest } = (isLayer ? { isCausal } : options) as Partial<AttentionOptions>;
    this.isCausal = given ?? isCausal;
    if (typeof this.isCausal !== "boolean") throw typeError("Attention", "isCausal", "true or false", given);
    this.dropout = isLayer ? options : new AttentionDropout(rest as AttentionDropoutOptions);
  }

  get mode(): Mode {
    return this.dropout.mode;
  }

  set mode(mode: Mode) {
    this.dropout.mode = mode;
  }

  /** Sets mode "train", or "eval" with `false`, and returns the layer. */
  train(isTraining = true): this {
    this.mode = trainingMode("Attention", isTraining);
    return this;
  }

  /** Sets mode "eval" and returns the layer. */
  eval(): this {
    this.mode = "eval";
    return this;
  }

  /**
   * Attends in the present mode.
   *
   * @param options `shape`; `bias` hides keys; `step`, `pass`, `mask` and `sampleIds` as for {@link AttentionDropout}.
   * @returns The output [batch, heads, queries, valueWidth], and the weights before the mask, whose rows sum to 1.
   * @throws {TypeError | RangeError} If an array does not fit the shape, or an option does not fit the mode.
   */
  forward(
    q: FloatInput,
    k: FloatInput,
    v: FloatInput,
    options: AttentionPassOptions,
  ): { output: FloatArray; weights: FloatArray } {
    const where = "Attention.forward";
    const { shape, bias, ...pass } = options ?? {};
    const { batch, heads, queries, keys, width, valueWidth } = checkAttentionShape(where, shape);
    const parts = batch * heads;
    const stack = (name: string, x: FloatInput, rows: number, columns: number): Stack => {
      const values = toFloatArray(where, name, x);
      checkLength(where, name, values.length, parts * rows * columns, `(${batch} x ${heads} x ${rows} x ${columns})`);
      return { values: values.slice(), rows, columns };
    };
    const [qs, ks, vs] = [stack("q", q, queries, width), stack("k", k, keys, width), stack("v", v, keys, valueWidth)];
    const scores = multiplyStacks(
      zerosLike(qs.values, parts * queries * keys),
      qs,
      { transposed: ks },
      1 / Math.sqrt(width),
    );
    if (bias !== undefined) addBias(where, scores, toFloatArray(where, "bias", bias), queries * keys);
    if (this.isCausal) hideLaterKeys(scores, queries, keys);
    const used = this.dropout.forward(scores, { ...pass, shape: [batch, heads, queries, keys] });
    const last = { q: qs, k: ks, v: vs, used: { values: used, rows: queries, columns: keys } };
    const output = multiplyStacks(zerosLike(qs.values, parts * queries * valueWidth), last.used, vs);
    this.#last = last;
    return { output, weights: this.dropout.weights! };
  }

  /**
   * The gradients with respect to queries, keys and values of the last `forward`. (A `bias` has the gradient of the
   * scores.)
   *
   * @param dOutput Gradient of the loss with respect to the output.
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dOutput` is not as long as its output.
   */
  backward(dOutput: FloatInput): { dq: FloatArray; dk: FloatArray; dv: FloatArray } {
    const where = "Attention.backward";
    if (this.#last === undefined) throw new Error(`${where}: nothing to differentiate; call forward() first`);
    const { q, k, v, used } = this.#last;
    const gradient = toFloatArray(where, "dOutput", dOutput);
    const parts = used.rows * used.columns === 0 ? 0 : used.values.length / (used.rows * used.columns);
    checkLength(where, "dOutput", gradient.length, parts * used.rows * v.columns, "like the output");
    const dOut: Stack = { values: gradient, rows: used.rows, columns: v.columns };
    const dUsed = multiplyStacks(zerosLike(q.values, used.values.length), dOut, { transposed: v });
    const dScores: Stack = { ...used, values: this.dropout.backward(dUsed) };
    const scale = 1 / Math.sqrt(q.columns);
    return {
      dq: multiplyStacks(zerosLike(q.values, q.values.length), dScores, k, scale),
      dk: multiplyStacks(zerosLike(q.values, k.values.length), { transposed: dScores }, q, scale),
      dv: multiplyStacks(zerosLike(q.values, v.values.length), { transposed: used }, dOut),
    };
  }

  /** What a layer needs to go on with the same masks: the state of {@link Attention.dropout}. */
  get state(): AttentionState {
    return { ...this.dropout.state, ...(this.isCausal && { isCausal: true }) };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link Attention.state} gave, or holds a stream and none
   * is given.
   */
  static fromState(state: AttentionState, options: { readonly stream?: MaskStream } = {}): Attention {
    const { isCausal = false, ...rest } = state;
    return new Attention(AttentionDropout.fromState(rest, options), isCausal);
  }
}

function checkAttentionShape(where: string, shape: AttentionShape | undefined): Required<AttentionShape> {
  if (typeof shape !== "object" || shape === null) {
    throw typeError(where, "shape", "an object { batch, heads, queries, keys, width }", shape);
  }
  const { batch, heads, queries, keys, width, valueWidth = width } = shape;
  const lengths = { batch, heads, queries, keys, width, valueWidth };
  for (const [name, length] of Object.entries(lengths)) checkCount(where, `shape.${name}`, length);
  return lengths;
}

/** Query i, counted from the end, sees key j, counted from the end, if j is not after i. */
function hideLaterKeys(scores: FloatArray, queries: number, keys: number): void {
  for (let i = 0; i < scores.length; i++) {
    const query = Math.floor(i / keys) % queries;
    if (i % keys > query + keys - queries) scores[i] = Number.NEGATIVE_INFINITY;
  }
}

/** Adds a bias of [queries, keys], repeated, or of all scores. */
function addBias(where: string, scores: FloatArray, bias: FloatArray, pairs: number): void {
  if (bias.length !== pairs) checkLength(where, "bias", bias.length, scores.length, `like the scores, or ${pairs}`);
  for (let i = 0; i < scores.length; i++) scores[i]! += bias[i % bias.length]!;
}
