// Token dropout: whole tokens (patches of an image, frames, words) are taken out of a sequence, which gets shorter.

import { checkIdsHaveKey, checkIndex, toFloatArray } from "../check.js";
import { multiplyAll } from "../noise/bernoulli.js";
import { choosePlaces } from "../placement/choice.js";
import { forEachKey } from "../placement/draws.js";
import { bitAt, toPackedMask } from "../placement/mask-bits.js";
import { checkShape, type Layout, layoutOf, type Shape } from "../placement/shape.js";
import type { FloatArray, FloatInput, Key, Like, PackedMask, RateOption } from "../types.js";
import {
  DecisionLayer,
  type DecisionLayerState,
  type DecisionPassOptions,
  type Effect,
} from "./base/decision-layer.js";
import { shapeOf } from "./base/pass-shape.js";
import { resume } from "./base/resume.js";
import type { LayerOptions } from "./base/stochastic-layer.js";

export type TokenDropoutOptions = RateOption &
  LayerOptions & {
    /** How many tokens at the beginning of each sequence always stay: class tokens. Default 0. */
    readonly prefix?: number | undefined;
  };

export interface TokenPassOptions extends DecisionPassOptions {
  /** [sequences, tokens, width]. */
  readonly shape: Shape;
  /** One id for each sequence: its tokens are chosen by its id, and not by its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
}

/** All that a {@link TokenDropout} layer needs to go on as if it had never stopped. */
export interface TokenDropoutState extends DecisionLayerState {
  readonly layer: "TokenDropout";
  readonly prefix: number;
}

/** Sequences, tokens after the prefix, and how many of them stay. */
interface TokenPlan {
  readonly sequences: number;
  readonly prefix: number;
  readonly tokens: number;
  readonly width: number;
  readonly count: number;
  readonly layout: Layout;
}

/**
 * Takes tokens out of sequences: of the L tokens behind the prefix, round(keep * L) stay, in their order, and the
 * others are gone.
 *
 *     train, sample   [N, P + L, D] -> [N, P + K, D]       K = round(keep * L), but at least 1 unless keep is 0
 *     eval            y = x
 *
 * Each sequence keeps as many, so that a batch stays rectangular, and each choice of K tokens is equally likely. What
 * stays is not scaled. (To blank tokens and keep the length: {@link SpatialDropout} with `sharedAxes: [2]`.)
 *
 * Shapes. `x` is [sequences, tokens, width], prefix included; {@link TokenDropout.tokensLeft} gives the new number of
 *   tokens, {@link TokenDropout.indices} the tokens that stayed. A mask given by hand has one bit a token behind the
 *   prefix, K of them set in each sequence.
 * Randomness. Sequence n keeps the tokens with the K smallest noise words of elements 0 … L - 1 under its key, which
 *   is derived from the key of the pass and the sequence's id (its number in the batch where `sampleIds` are not
 *   given).
 * Numerics. Copies. Rate 0 keeps all tokens, rate 1 only the prefix.
 * Cost. A sort of L words a sequence, and a copy of what stays.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or `prefix` is not a whole
 *   number.
 * @example
 * ```ts
 * import { key, TokenDropout } from "hadamask";
 * const layer = new TokenDropout({ rate: 0.5, prefix: 1, key: key(1) });
 * const y = layer.forward([10, 11, 12, 13, 14], { shape: [1, 5, 1], mask: [0, 1, 1, 0] });
 * console.log(y, layer.indices); // Float64Array(3) [ 10, 12, 13 ] Int32Array(3) [ 0, 2, 3 ]
 * ```
 * @see Liu et al., "PatchDropout: economizing vision transformers using patch dropout", WACV 2023.
 */
export class TokenDropout extends DecisionLayer {
  readonly prefix: number;
  #plan: TokenPlan | undefined;

  constructor(options: TokenDropoutOptions) {
    super("TokenDropout", options, { options: ["prefix"], pass: ["shape", "sampleIds"] });
    this.prefix = checkIndex(this.name, "prefix", options.prefix ?? 0);
  }

  /** How many tokens, prefix included, a sequence of `tokens` keeps in "train" and "sample". */
  tokensLeft(tokens: number): number {
    const where = `${this.name}.tokensLeft`;
    checkIndex(where, "tokens", tokens);
    if (!(tokens >= this.prefix)) {
      throw new RangeError(`${where}: tokens must be at least the prefix (${this.prefix}), got ${tokens}`);
    }
    return this.prefix + countKept(tokens - this.prefix, this.keep);
  }

  /**
   * Takes tokens out in the present mode.
   *
   * @param options `shape`; `step` or `pass` sets the counter before the call; `mask` gives the choice by hand,
   *   `sampleIds` one id a sequence; `out` takes the result, of another length than `x`.
   * @throws {TypeError | RangeError} If the shape does not fit `x` or the prefix, or an option does not fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: TokenPassOptions): Like<X> {
    const where = `${this.name}.forward`;
    const values = toFloatArray(where, "x", x);
    const shape = checkShape(where, shapeOf(where, options, "[sequences,tokens,width]", isThree), values.length);
    const plan = this.#planOf(where, shape, options);
    if (options.mask !== undefined && this.mode !== "eval") checkChoice(where, options.mask, plan);
    const y = this.decided(values, options, tokenEffect(plan)) as Like<X>;
    this.#plan = plan;
    return y;
  }

  #planOf(where: string, [sequences = 0, all = 0, width = 0]: Shape, options: TokenPassOptions): TokenPlan {
    const { prefix } = this;
    if (!(all >= prefix)) {
      throw new RangeError(`${where}: shape must have at least ${prefix} tokens, the prefix, got ${all}`);
    }
    checkIdsHaveKey(where, options);
    const tokens = all - prefix;
    const sampleIds = options.sampleIds ?? Array.from({ length: sequences }, (_, n) => n);
    const layout = layoutOf(where, sequences * tokens, { shape: [sequences, tokens], sampleIds });
    return { sequences, prefix, tokens, width, count: countKept(tokens, this.keep), layout };
  }

  /**
   * Which tokens stayed in the last forward pass, counted with the prefix, [sequences, tokens left] in C order;
   * undefined after `eval`, where all stay, or before a first pass.
   */
  get indices(): Int32Array | undefined {
    const mask = this.mask;
    if (mask === undefined || this.#plan === undefined) return undefined;
    const { sequences, prefix, tokens, count } = this.#plan;
    const out = new Int32Array(sequences * (prefix + count));
    let at = 0;
    for (let n = 0; n < sequences; n++) {
      for (let t = 0; t < prefix; t++) out[at++] = t;
      for (let t = 0; t < tokens; t++) if (isSet(mask, n * tokens + t)) out[at++] = prefix + t;
    }
    return out;
  }

  get state(): TokenDropoutState {
    return { layer: "TokenDropout", prefix: this.prefix, ...this.decisionState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link TokenDropout.state} gave. */
  static fromState(state: TokenDropoutState): TokenDropout {
    return resume("TokenDropout", state, (saved) => new TokenDropout(saved));
  }
}

const isThree = (rank: number): boolean => rank === 3;
const isSet = (bits: PackedMask, i: number): boolean => bitAt(bits, i) === 1;

/** round, not floor: keep 1 - 0.9 times 100 tokens is 9.999999999999998, and 10 are meant. */
function countKept(tokens: number, keep: number): number {
  return keep === 0 ? 0 : Math.min(tokens, Math.max(1, Math.round(keep * tokens)));
}

function checkChoice(where: string, mask: TokenPassOptions["mask"] & {}, plan: TokenPlan): void {
  const { sequences, tokens, count } = plan;
  const packed = toPackedMask(where, mask, sequences * tokens);
  for (let n = 0; n < sequences; n++) {
    let kept = 0;
    for (let t = 0; t < tokens; t++) kept += Number(isSet(packed, n * tokens + t));
    if (kept !== count) {
      throw new RangeError(
        `${where}: mask must keep ${count} of ${tokens} tokens of each sequence, got ${kept} in sequence ${n}`,
      );
    }
  }
}

function tokenEffect(plan: TokenPlan): Effect {
  const { sequences, prefix, tokens, width, count, layout } = plan;
  return {
    inputs: sequences * (prefix + tokens) * width,
    outputs: sequences * (prefix + count) * width,
    decisions: sequences * tokens,
    draw: (key) => drawChoice(key, layout, count),
    forward: (x, out, kept) => forEachKept(plan, kept, (from, to) => copyToken(x, from, out, to, width)),
    backward(dy, out, kept) {
      out.fill(0);
      forEachKept(plan, kept, (from, to) => copyToken(dy, to, out, from, width));
    },
    evaluate: (values, out) => multiplyAll(values, out, 1),
  };
}

function drawChoice(key: Key, layout: Layout, count: number): PackedMask {
  const out = new Uint32Array(Math.ceil(layout.whole.draws / 32));
  forEachKey(key, layout, (rowKey, part, _xStart, drawStart) => {
    choosePlaces(out, drawStart, part.draws, count, rowKey);
  });
  return out;
}

/** Calls `visit` for each token that stays, with its first element in the input and in the output. */
function forEachKept(plan: TokenPlan, kept: PackedMask, visit: (from: number, to: number) => void): void {
  const { sequences, prefix, tokens, width } = plan;
  let to = 0;
  for (let n = 0; n < sequences; n++) {
    const first = n * (prefix + tokens) * width;
    for (let t = 0; t < prefix + tokens; t++) {
      if (t >= prefix && !isSet(kept, n * tokens + t - prefix)) continue;
      visit(first + t * width, to);
      to += width;
    }
  }
}

function copyToken(from: FloatArray, fromStart: number, to: FloatArray, toStart: number, width: number): void {
  to.set(from.subarray(fromStart, fromStart + width), toStart);
}
