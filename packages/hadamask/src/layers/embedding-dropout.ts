// Dropout of whole words: the embedding of a word is dropped wherever the word stands.

import { checkLength, checkScaling, rangeError, toFloatArray } from "../check.js";
import { multiplyByShared } from "../noise/bernoulli.js";
import { spreadDecisions } from "../placement/identity.js";
import { checkShape, placementOf, type Shape } from "../placement/shape.js";
import { checkWordIds, drawWords, type TiedWords, tieWords, type WordTie } from "../placement/word-ties.js";
import type { FloatInput, Like, RateOption, Scaling } from "../types.js";
import {
  DecisionLayer,
  type DecisionLayerState,
  type DecisionPassOptions,
  type Effect,
} from "./base/decision-layer.js";
import { scaleInEval } from "./base/mask-layer.js";
import { shapeOf } from "./base/pass-shape.js";
import { resume } from "./base/resume.js";
import type { LayerOptions } from "./base/stochastic-layer.js";

export type EmbeddingDropoutOptions = RateOption &
  LayerOptions & {
    /** Default "inverted". */
    readonly scaling?: Scaling;
    /** What shares a decision: a word within its sequence, or in the whole batch. Default "sequence". */
    readonly tie?: WordTie | undefined;
  };

export interface EmbeddingPassOptions extends DecisionPassOptions {
  /** [sequences, words, width]. */
  readonly shape: Shape;
  /** The word of each place, [sequences, words] in C order. */
  readonly words: ArrayLike<number>;
  /** One id for each sequence: its decisions depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
}

/** All that an {@link EmbeddingDropout} layer needs to go on as if it had never stopped. */
export interface EmbeddingDropoutState extends DecisionLayerState {
  readonly layer: "EmbeddingDropout";
  readonly scaling: Scaling;
  readonly tie: WordTie;
}

/**
 * Drops words from embedded text: a word is kept or dropped with its whole vector, and wherever it stands in its
 * sequence.
 *
 *     train, sample    y[n, t, :] = m[n, word[n, t]] * x[n, t, :] * scale
 *     scale = 1 / keep ("inverted") or 1 ("classic")
 *     eval            y = x                                                    ("classic": keep * x)
 *
 * That is dropout of rows of the embedding matrix, for each sequence anew (`tie: "sequence"`), or for the batch
 * (`tie: "batch"`).
 *
 * Shapes. `x` is [sequences, words, width]. A mask given by hand has one decision for each different word of each
 *   sequence (of the batch), in the order of first appearance.
 * Randomness. The decision of word w is element w of the mask under the key of its sequence, which is derived from
 *   the key of the pass and the sequence's id (its number in the batch where `sampleIds` are not given); with
 *   `tie: "batch"`, under the key of the pass. So it depends neither on the order of the words nor on the size of the
 *   vocabulary.
 * Numerics. As {@link Dropout}.
 * Cost. One pass, two random words for each different word, and 1 bit a word kept for `backward`.
 *
 * @throws {TypeError | RangeError} If `tie` is neither "sequence" nor "batch", or as {@link Dropout}.
 * @example
 * ```ts
 * import { EmbeddingDropout } from "hadamask";
 * const layer = new EmbeddingDropout({ rate: 0.5 });
 * const options = { shape: [1, 3, 2], words: [7, 4, 7], mask: [0, 1] }; // word 7 is dropped, word 4 kept
 * console.log(layer.forward([1, 2, 3, 4, 5, 6], options)); // Float64Array(6) [ 0, 0, 6, 8, 0, 0 ]
 * ```
 * @see Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016,
 *   section 4.2; for the batch: Merity et al., "Regularizing and optimizing LSTM language models", ICLR 2018.
 */
export class EmbeddingDropout extends DecisionLayer {
  readonly scaling: Scaling;
  readonly tie: WordTie;

  constructor(options: EmbeddingDropoutOptions) {
    super("EmbeddingDropout", options, { options: ["scaling", "tie"], pass: ["shape", "words", "sampleIds"] });
    this.scaling = checkScaling(this.name, options.scaling ?? "inverted");
    this.tie = options.tie ?? "sequence";
    if (this.tie !== "sequence" && this.tie !== "batch") {
      throw rangeError(this.name, "tie", '"sequence" or "batch"', options.tie);
    }
  }

  /**
   * Drops words in the present mode.
   *
   * @param options `shape` and `words`; `step` or `pass` sets the counter before the call; `mask` gives the decisions
   *   by hand, `sampleIds` one id a sequence; `out` takes the result and may be `x`.
   * @throws {TypeError | RangeError} If shape and words do not fit `x`, or an option does not fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: EmbeddingPassOptions): Like<X> {
    const where = `${this.name}.forward`;
    const values = toFloatArray(where, "x", x);
    const shape = checkShape(where, shapeOf(where, options, "[sequences,words,width]", isThree), values.length);
    const [sequences = 0, length = 0] = shape;
    const words = checkWordIds(where, options.words);
    checkLength(where, "words", words.length, sequences * length, `for shape [${shape.join(",")}]`);
    const tied = tieWords(where, words, sequences, this.tie, options);
    return this.decided(values, options, embeddingEffect(this.keep, this.scaling, shape, tied)) as Like<X>;
  }

  get state(): EmbeddingDropoutState {
    return { layer: "EmbeddingDropout", scaling: this.scaling, tie: this.tie, ...this.decisionState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link EmbeddingDropout.state} gave. */
  static fromState(state: EmbeddingDropoutState): EmbeddingDropout {
    return resume("EmbeddingDropout", state, (saved) => new EmbeddingDropout(saved));
  }
}

const isThree = (rank: number): boolean => rank === 3;

function embeddingEffect(keep: number, scaling: Scaling, shape: Shape, tied: TiedWords): Effect {
  const [sequences = 0, length = 0, width = 0] = shape;
  const placement = placementOf([sequences * length, width], [1]);
  const scale = scaling === "inverted" ? 1 / keep : 1;
  return {
    inputs: placement.size,
    outputs: placement.size,
    decisions: tied.decisions,
    draw: (key) => drawWords(key, keep, tied),
    forward: (x, out, kept) => multiplyByShared(x, out, spreadDecisions(kept, tied.drawOf), scale, placement),
    backward: (dy, out, kept) => multiplyByShared(dy, out, spreadDecisions(kept, tied.drawOf), scale, placement),
    evaluate: (values, out) => scaleInEval(values, out, keep, scaling),
  };
}
