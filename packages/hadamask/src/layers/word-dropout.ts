// Word dropout: words are replaced by a stand-in before they are looked up.

import { checkIndex, checkLength, rangeError, typeError } from "../check.js";
import { spreadDecisions } from "../placement/identity.js";
import { bitAt, type GivenMask, toPackedMask } from "../placement/mask-bits.js";
import { checkShape, type Shape } from "../placement/shape.js";
import { checkWordIds, drawWords, type TiedWords, tieWords, type WordTie } from "../placement/word-ties.js";
import type { PackedMask, RateOption } from "../types.js";
import { shapeOf } from "./base/pass-shape.js";
import { RateLayer } from "./base/rate-layer.js";
import { resume } from "./base/resume.js";
import type { LayerOptions, LayerState, PassOptions } from "./base/stochastic-layer.js";

export type WordDropoutOptions = RateOption &
  LayerOptions & {
    /** The word that takes the place of dropped ones: usually the one for unknown words. */
    readonly replacement: number;
    /** What shares a decision: a word within its sequence, or in the whole batch, or nothing. Default "sequence". */
    readonly tie?: WordTie | "none" | undefined;
    /** Words that are never dropped: padding, start, end. Default none. */
    readonly exempt?: readonly number[] | undefined;
  };

export interface WordPassOptions extends PassOptions {
  /** [sequences, words]. */
  readonly shape: Shape;
  /** One id for each sequence: its decisions depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
  /** The decisions by hand, one a draw, instead of drawn ones. */
  readonly mask?: GivenMask;
  /** Takes the result; may be `words` itself. */
  readonly out?: Int32Array;
}

/** All that a {@link WordDropout} layer needs to go on as if it had never stopped. */
export interface WordDropoutState extends LayerState {
  readonly layer: "WordDropout";
  readonly rate?: number;
  readonly keep?: number;
  readonly replacement: number;
  readonly tie: WordTie | "none";
  readonly exempt: readonly number[];
}

/**
 * Replaces words by a stand-in, with probability `rate`. A word that is dropped is dropped wherever it stands in its
 * sequence.
 *
 *     train, sample   word[n, t]     if m[n, word[n, t]] is 1, or the word is exempt
 *                     replacement    if not
 *     eval            word[n, t]
 *
 * `tie: "none"` decides for each place alone, as Bowman et al. and Iyyer et al. do: then the other places of a word
 * still give it away. Nothing is scaled, and there is no gradient: words are numbers of rows. To drop embeddings
 * themselves: {@link EmbeddingDropout}; for the same key, rate and tie it drops the same words.
 *
 * Shapes. `words` is [sequences, words]; the result is an Int32Array of the same length. A mask given by hand has one
 *   decision for each different word of each sequence, in the order of first appearance; for each place with "none".
 * Randomness. The decision of word w is element w of the mask under the key of its sequence, as for
 *   {@link EmbeddingDropout}; with "none" that of place t is element t.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or `replacement` is not a
 *   whole number below 2^31.
 * @example
 * ```ts
 * import { key, WordDropout } from "hadamask";
 * const layer = new WordDropout({ rate: 0.5, replacement: 0, key: key(1) });
 * console.log(layer.forward([5, 8, 5, 9], { shape: [1, 4], mask: [0, 1, 1] })); // Int32Array(4) [ 0, 8, 0, 9 ]
 * ```
 * @see Gal and Ghahramani, NIPS 2016, section 4.2; without ties: Iyyer et al., "Deep unordered composition rivals
 *   syntactic methods for text classification", ACL 2015; Bowman et al., "Generating sentences from a continuous
 *   space", CoNLL 2016.
 */
export class WordDropout extends RateLayer<PackedMask | undefined> {
  readonly replacement: number;
  readonly tie: WordTie | "none";
  readonly exempt: readonly number[];

  constructor(options: WordDropoutOptions) {
    const name = "WordDropout";
    super(name, options, {
      options: ["replacement", "tie", "exempt"],
      pass: ["shape", "sampleIds", "mask", "out"],
    });
    this.replacement = checkIndex(name, "replacement", options.replacement, 2 ** 31);
    this.tie = options.tie ?? "sequence";
    if (this.tie !== "sequence" && this.tie !== "batch" && this.tie !== "none") {
      throw rangeError(name, "tie", '"sequence", "batch" or "none"', options.tie);
    }
    const { exempt = [] } = options;
    if (!Array.isArray(exempt)) throw typeError(name, "exempt", "an array of whole numbers", exempt);
    this.exempt = exempt.map((word, i) => checkIndex(name, `exempt[${i}]`, word));
  }

  /**
   * Replaces words in the present mode.
   *
   * @param words Whole numbers below 2^31, [sequences, words] in C order.
   * @returns `out`, or a new array.
   * @throws {TypeError | RangeError} If the shape does not fit `words`, or an option does not fit the mode.
   */
  forward(words: ArrayLike<number>, options: WordPassOptions): Int32Array {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    checkWordIds(where, words, 2 ** 31);
    const shape = checkShape(where, shapeOf(where, options, "[sequences,words]", isTwo), words.length, "words");
    const out = options.out ?? new Int32Array(words.length);
    if (!(out instanceof Int32Array)) throw typeError(where, "out", "an Int32Array", out);
    checkLength(where, "out", out.length, words.length, "like words");
    const tied = this.#tie(where, words, shape, options);
    const given = options.mask === undefined ? undefined : toPackedMask(where, options.mask, tied.decisions);
    const decisions = pass.key && (given ?? drawWords(pass.key, this.keep, tied));
    const kept = decisions && this.#keptPlaces(words, spreadDecisions(decisions, tied.drawOf));
    for (let i = 0; i < words.length; i++) {
      out[i] = kept === undefined || bitAt(kept, i) ? words[i]! : this.replacement;
    }
    this.done(pass, kept);
    return out;
  }

  #tie(
    where: string,
    words: ArrayLike<number>,
    [sequences = 0, length = 0]: Shape,
    options: WordPassOptions,
  ): TiedWords {
    if (this.tie !== "none") return tieWords(where, words, sequences, this.tie, options);
    // Each place is a word of its own.
    const places = Array.from({ length: words.length }, (_, i) => i % length);
    return tieWords(where, places, sequences, "sequence", options);
  }

  /** Sets the bits of exempt words. */
  #keptPlaces(words: ArrayLike<number>, kept: PackedMask): PackedMask {
    if (this.exempt.length === 0) return kept;
    const exempt = new Set(this.exempt);
    for (let i = 0; i < words.length; i++) if (exempt.has(words[i]!)) kept[i >>> 5]! |= 1 << (i & 31);
    return kept;
  }

  /** Which places kept their word by the last draw, 1 bit a place; undefined after `eval` or before a first pass. */
  get mask(): PackedMask | undefined {
    return this.memory?.slice();
  }

  get state(): WordDropoutState {
    const { replacement, tie, exempt } = this;
    return { layer: "WordDropout", ...this.givenRate, replacement, tie, exempt, ...this.basics };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link WordDropout.state} gave. */
  static fromState(state: WordDropoutState): WordDropout {
    return resume("WordDropout", state, (saved) => new WordDropout(saved));
  }
}

const isTwo = (rank: number): boolean => rank === 2;
