// Multi-sample dropout: several masks of one input at once.

import { checkCount, checkIdsHaveKey, checkScaling, toFloatArray } from "../check.js";
import { drawMask, multiplyByMask } from "../noise/bernoulli.js";
import { forEachKey } from "../placement/draws.js";
import { bitAt, copyBits, sliceBits } from "../placement/mask-bits.js";
import { type Layout, layoutOf, type Shape } from "../placement/shape.js";
import type { FloatArray, FloatInput, Key, Like, PackedMask, RateOption, Scaling } from "../types.js";
import {
  DecisionLayer,
  type DecisionLayerState,
  type DecisionPassOptions,
  type Effect,
} from "./base/decision-layer.js";
import { scaleInEval } from "./base/mask-layer.js";
import { resume } from "./base/resume.js";
import type { LayerOptions } from "./base/stochastic-layer.js";

export type MultiSampleDropoutOptions = RateOption &
  LayerOptions & {
    /** How many masks a forward pass draws: 1 or more. */
    readonly samples: number;
    /** Default "inverted". */
    readonly scaling?: Scaling;
  };

export interface MultiSamplePassOptions extends DecisionPassOptions {
  /** One id for each row of the first axis: a row's masks depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
  /** Lengths of the axes of `x`. */
  readonly shape?: Shape;
}

/** All that a {@link MultiSampleDropout} layer needs to go on as if it had never stopped. */
export interface MultiSampleDropoutState extends DecisionLayerState {
  readonly layer: "MultiSampleDropout";
  readonly samples: number;
  readonly scaling: Scaling;
}

/**
 * Drops from several copies of the input, each with a mask of its own. What follows sees a batch that is `samples`
 * times as large; the loss is the mean over it, so that each training step averages over several thinned networks at
 * the cost of their heads only.
 *
 *     train, sample    y[s, i] = m[s, i] * x[i] * scale
 *     s = 0 … samples - 1, scale = 1 / keep ("inverted") or 1 ("classic")
 *     eval            y[i] = x[i]                            ("classic": keep * x), one copy
 *     backward        dx[i] = sum over s of m[s, i] * dy[s, i] * scale
 *
 * Shapes. n elements in, samples * n out, copy after copy: [N, …] becomes [samples, N, …], or [samples * N, …] for
 *   what follows. A mask given by hand has one decision for each element of the output.
 * Randomness. Element i of copy s takes decision s * n + i under the key of the pass; with `sampleIds` element j of a
 *   row of width w takes decision s * w + j under the key of the row's id.
 * Numerics. As {@link Dropout}; the sum of the gradient is formed in float64 and rounded once.
 * Cost. `samples` times that of {@link Dropout}; nothing is kept for `backward`.
 *
 * @throws {TypeError | RangeError} If `samples` is not a whole number above 0, or as {@link Dropout}.
 * @example
 * ```ts
 * import { MultiSampleDropout } from "hadamask";
 * const layer = new MultiSampleDropout({ rate: 0.5, samples: 2 });
 * console.log(layer.forward([1, 2], { mask: [1, 0, 1, 1] })); // Float64Array(4) [ 2, 0, 2, 4 ]
 * console.log(layer.backward([1, 1, 1, 1])); // Float64Array(2) [ 4, 2 ]
 * ```
 * @see Inoue, "Multi-sample dropout for accelerated training and better generalization", arXiv 1905.09788 (2019).
 */
export class MultiSampleDropout extends DecisionLayer {
  readonly samples: number;
  readonly scaling: Scaling;

  constructor(options: MultiSampleDropoutOptions) {
    super("MultiSampleDropout", options, { options: ["samples", "scaling"], pass: ["sampleIds", "shape"] });
    this.samples = checkCount(this.name, "samples", options.samples, 2 ** 32);
    this.scaling = checkScaling(this.name, options.scaling ?? "inverted");
  }

  /**
   * Drops in the present mode.
   *
   * @param options `step` or `pass` sets the counter before the call; `mask` gives the decisions by hand, `sampleIds`
   *   one id a row of the batch; `out` takes the result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(x: X, options: MultiSamplePassOptions = {}): Like<X> {
    const where = `${this.name}.forward`;
    const values = toFloatArray(where, "x", x);
    checkIdsHaveKey(where, options);
    const { sampleIds, shape } = options;
    const layout = layoutOf(where, values.length, { sampleIds, shape });
    return this.decided(values, options, this.#effect(layout)) as Like<X>;
  }

  #effect(layout: Layout): Effect {
    const { samples, keep, scaling } = this;
    const n = layout.whole.size;
    const scale = scaling === "inverted" ? 1 / keep : 1;
    return {
      inputs: n,
      outputs: samples * n,
      decisions: samples * n,
      draw: (key) => drawCopies(key, keep, layout, samples),
      forward: (x, out, kept) => multiplyCopies(x, out, kept, scale),
      backward: (dy, out, kept) => sumCopies(dy, out, kept, scale),
      evaluate: (values, out) => scaleInEval(values, out, keep, scaling),
    };
  }

  get state(): MultiSampleDropoutState {
    return { layer: "MultiSampleDropout", samples: this.samples, scaling: this.scaling, ...this.decisionState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link MultiSampleDropout.state} gave. */
  static fromState(state: MultiSampleDropoutState): MultiSampleDropout {
    return resume("MultiSampleDropout", state, (saved) => new MultiSampleDropout(saved));
  }
}

/** The decisions of all copies, copy after copy. */
function drawCopies(key: Key, keep: number, layout: Layout, samples: number): PackedMask {
  const n = layout.whole.size;
  const out = new Uint32Array(Math.ceil((samples * n) / 32));
  forEachKey(key, layout, (partKey, part, xStart) => {
    const own = new Uint32Array(Math.ceil((samples * part.size) / 32));
    drawMask(own, samples * part.size, keep, partKey, 0);
    for (let s = 0; s < samples; s++) copyBits(own, s * part.size, out, s * n + xStart, part.size);
  });
  return out;
}

function multiplyCopies(x: FloatArray, out: FloatArray, kept: PackedMask, scale: number): void {
  const n = x.length;
  const mask = new Uint32Array(Math.ceil(n / 32));
  for (let start = 0; start < out.length; start += n) {
    sliceBits(kept, start, mask, n);
    multiplyByMask(x, out.subarray(start, start + n), mask, scale);
  }
}

function sumCopies(dy: FloatArray, out: FloatArray, kept: PackedMask, scale: number): void {
  const n = out.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = i; j < dy.length; j += n) if (bitAt(kept, j)) sum += dy[j]! * scale;
    out[i] = sum;
  }
}
