// DropConnect: a dense layer that drops single weights.

import { checkIdsHaveKey, checkRates, checkScaling, type Rates, rangeError } from "../../check.js";
import { type GivenMask, toPackedMask } from "../../placement/mask-bits.js";
import { type Layout, layoutOf } from "../../placement/shape.js";
import type { MaskStream } from "../../random/source.js";
import type { FloatArray, FloatInput, Key, Like, PackedMask, RateOption, Scaling } from "../../types.js";
import { resumeOnStream } from "../base/resume.js";
import type { GradientOptions, StreamOptions } from "../base/stochastic-layer.js";
import {
  DenseLayer,
  type DenseLayerOptions,
  type DenseLayerState,
  type DensePassOptions,
  savedArrays,
} from "./dense-layer.js";
import {
  dropConnectMoments,
  type InferenceOptions,
  inferDropConnect,
  type WeightMoments,
} from "./drop-connect-inference.js";
import { backwardEvaluated, backwardMasked, evaluateWeights, forwardMasked } from "./drop-connect-passes.js";
import { allWeightMasks, type MaskSource } from "./weight-masks.js";

export type DropConnectOptions = RateOption &
  DenseLayerOptions &
  StreamOptions & {
    /** Default "inverted". */
    readonly scaling?: Scaling;
    /** A mask for each row of x ("sample", default, as in the paper) or one for all rows of a pass ("batch"). */
    readonly maskPer?: "sample" | "batch";
    /** Whether the bias is dropped like the weights, as in the paper. Default false. */
    readonly dropBias?: boolean;
  };

export interface DropConnectPassOptions extends DensePassOptions {
  /** The decisions by hand: for each mask the weights row by row, then the bias if it is dropped. */
  readonly mask?: GivenMask;
}

/** All that a {@link DropConnect} layer needs to go on as if it had never stopped. */
export interface DropConnectState extends DenseLayerState {
  readonly layer: "DropConnect";
  readonly rate?: number;
  readonly keep?: number;
  readonly scaling: Scaling;
  readonly maskPer: "sample" | "batch";
  readonly dropBias: boolean;
}

/** What is kept of a forward pass: the input, and where its masks come from; undefined in "eval". */
interface DropConnectPass {
  readonly x: FloatArray;
  readonly masks: MaskSource | undefined;
  readonly rows: number;
}

/**
 * A dense layer of which each weight is dropped on its own, for each example anew.
 *
 *     train, sample    z = x (M * W) * scale + b
 *     M_ij kept with probability keep, scale = 1 / keep ("inverted") or 1
 *     eval            z = x W + b  ("inverted")   or   keep * x W + b  ("classic");  see also {@link DropConnect.infer}
 *
 * z has the mean and the variances of a dense layer after dropout on x, but its outputs are uncorrelated, which
 * dropout's are not. The activation is the caller's: the layer gives pre-activations.
 *
 * Shapes. x [rows, inputs], weights [inputs, outputs], z [rows, outputs].
 * Randomness. Row s draws D = inputs * outputs decisions from number s * D on (mask stream 1), one for each weight
 *   row by row, and `outputs` more where the bias is dropped. With `sampleIds` a row draws under the key of its id,
 *   from number 0.
 * Numerics. Select: a dropped weight counts for nothing even where it or x is NaN. Sums are formed in float64 and
 * rounded once.
 * Cost. As the dense product without masks, and D decisions a row; one mask (D / 8 bytes) is held at a time, never
 *   [rows, inputs, outputs]. A copy of x is kept for the gradient. Weights must not change between forward and
 *   backward.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or weights or bias do not fit
 *   `inputs`.
 * @example
 * ```ts
 * import { DropConnect, key } from "hadamask";
 * const layer = new DropConnect({ rate: 0.5, inputs: 2, weights: [1, 2, 3, 4, 5, 6], bias: [0, 0, 0], key: key(1) });
 * const z = layer.forward([1, 1], { mask: [1, 0, 1, 0, 1, 1] });
 * layer.backward([1, 1, 1]);
 * console.log(z, layer.gradients.weights); // Float64Array(3) [ 2, 10, 18 ] Float64Array(6) [ 2, 0, 2, 0, 2, 2 ]
 * ```
 * @see Wan, Zeiler, Zhang, LeCun and Fergus, "Regularization of neural networks using DropConnect", ICML 2013; there
 *   p keeps, and scaling is at inference.
 */
export class DropConnect extends DenseLayer<DropConnectPass> {
  readonly #rates: Rates;
  readonly scaling: Scaling;
  readonly maskPer: "sample" | "batch";
  readonly dropBias: boolean;
  override readonly parameters: { readonly weights: FloatArray; readonly bias?: FloatArray };
  override readonly gradients: { readonly weights: FloatArray; readonly bias?: FloatArray };

  constructor(options: DropConnectOptions) {
    const name = "DropConnect";
    const own = { options: ["rate", "keep", "scaling", "maskPer", "dropBias"], pass: ["mask"] };
    super(name, options, own, options?.stream);
    this.#rates = checkRates(name, options);
    this.scaling = checkScaling(name, options.scaling ?? "inverted");
    this.maskPer = options.maskPer ?? "sample";
    if (this.maskPer !== "sample" && this.maskPer !== "batch") {
      throw rangeError(name, "maskPer", '"sample" or "batch"', options.maskPer);
    }
    this.dropBias = options.dropBias ?? false;
    if (this.dropBias && this.bias === undefined) throw new TypeError(`${name}: dropBias needs a bias to drop`);
    this.parameters = this.ownParameters();
    this.gradients = this.ownGradients();
  }

  /** Probability of dropping. */
  get rate(): number {
    return this.#rates.rate;
  }

  /** Probability of keeping, 1 - rate. */
  get keep(): number {
    return this.#rates.keep;
  }

  /** Decisions of one mask. */
  get #decisions(): number {
    return this.weights.length + (this.dropBias ? this.outputs : 0);
  }

  /**
   * The pre-activations of the present mode.
   *
   * @param options `step` (in "train") or `pass` (in "sample") sets the counter before the call; `mask` gives the
   *   decisions by hand, `sampleIds` one id a row; `out` takes the result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(x: X, options: DropConnectPassOptions = {}): Like<X> {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    const { values, rows, to } = this.prepare(x, options.out);
    const layout = this.#layout(where, rows, options);
    const masks = pass.mode === "eval" ? undefined : this.#masks(where, values, rows, layout, pass.key, options);
    const memory = { x: values.slice(), masks, rows };
    if (masks === undefined) evaluateWeights(this, values, to);
    else forwardMasked(this, values, masks, to);
    this.done(pass, memory);
    return to as Like<X>;
  }

  #masks(
    where: string,
    x: FloatArray,
    rows: number,
    layout: Layout,
    key: Key | undefined,
    { mask }: DropConnectPassOptions,
  ): MaskSource {
    const { keep, stream } = this;
    const dtype = x instanceof Float32Array ? "float32" : "float64";
    const given =
      mask === undefined
        ? stream?.keepMask(layout.whole.draws, { keep, dtype })
        : toPackedMask(where, mask, layout.whole.draws).slice();
    return { keep, decisions: this.#decisions, rows, layout, key, given };
  }

  #layout(where: string, rows: number, options: DropConnectPassOptions): Layout {
    checkIdsHaveKey(where, options, this.stream);
    const shape = [rows, this.#decisions];
    const sharedAxes = this.maskPer === "batch" ? [0] : [];
    return layoutOf(where, rows * this.#decisions, { shape, sharedAxes, sampleIds: options.sampleIds });
  }

  /**
   * The gradient with respect to x of the last `forward`, with its masks. Writes the gradients of weights and bias to
   * `gradients`.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as its output.
   */
  backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const last = this.remembered(`${this.name}.backward`, options);
    const { values, to } = this.prepareBack(dy, last.rows, options.out);
    const found = {
      weights: new Float64Array(this.weights.length),
      bias: new Float64Array(this.outputs),
      input: new Float64Array(to.length),
    };
    if (last.masks === undefined) backwardEvaluated(this, last.x, values, found);
    else backwardMasked(this, last.x, last.masks, values, found);
    to.set(found.input);
    this.gradients.weights.set(found.weights);
    this.gradients.bias?.set(found.bias);
    return to as Like<X>;
  }

  /**
   * The packed masks of the last forward pass that had some, one after another; undefined after `eval` or before a
   * first pass.
   */
  get mask(): PackedMask | undefined {
    return this.memory?.masks && allWeightMasks(this.memory.masks);
  }

  /** Mean and variance of the pre-activations over the masks, in closed form: [rows, outputs] each. */
  moments(x: FloatInput): WeightMoments {
    const { values } = this.prepare(x, undefined);
    return dropConnectMoments(values, this);
  }

  /**
   * The expected activation at prediction: of the mean, or over the Gaussian with the moments of the pre-activations.
   *
   * @param options See {@link InferenceOptions}: which activation, and whether the average is in closed form or over
   *   samples.
   * @throws {TypeError | RangeError} If x does not fit, or there is no closed form and `samples` is not given.
   */
  infer<X extends FloatInput>(x: X, options: InferenceOptions): Like<X> {
    const { values, to } = this.prepare(x, undefined);
    inferDropConnect(values, to, this, options);
    return to as Like<X>;
  }

  get state(): DropConnectState {
    const { scaling, maskPer, dropBias } = this;
    return { layer: "DropConnect", ...this.#rates.given, scaling, maskPer, dropBias, ...this.denseState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link DropConnect.state} gave. */
  static fromState(state: DropConnectState, options: { readonly stream?: MaskStream } = {}): DropConnect {
    const where = "DropConnect.fromState";
    return resumeOnStream("DropConnect", state, options.stream, (saved) => {
      return new DropConnect({ ...saved, ...savedArrays(where, saved) });
    });
  }
}
