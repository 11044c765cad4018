// Layers whose noise is a Bernoulli mask: what is drawn, applied, and applied again to the gradient. A layer on top
// of this says only which elements share a draw.

import {
  checkIdsHaveKey,
  checkLength,
  checkScaling,
  outputFor,
  rangeError,
  toFloatArray,
  typeError,
} from "../../check.js";
import { applyArithmetic } from "../../noise/arithmetic.js";
import { drawLaidOut, multiplyAll, multiplyByShared, multiplyLaidOut } from "../../noise/bernoulli.js";
import { expandMask, type GivenMask, toPackedMask } from "../../placement/mask-bits.js";
import { isElementwise, type Layout, type LayoutOptions, layoutOf, type Shape } from "../../placement/shape.js";
import type { Arithmetic, MaskRequest } from "../../random/source.js";
import type {
  FloatArray,
  FloatInput,
  Key,
  Like,
  Mode,
  PackedMask,
  PathScaling,
  RateOption,
  Scaling,
} from "../../types.js";
import { RateLayer } from "./rate-layer.js";
import {
  bothTake,
  type GradientOptions,
  type LayerState,
  type PassOptions,
  REMEMBERED_PASSES,
  type StreamOptions,
  type Takes,
} from "./stochastic-layer.js";

export type MaskLayerOptions = RateOption &
  StreamOptions & {
    /** Default "inverted". */
    readonly scaling?: Scaling;
    /** On a foreign stream: whether its framework's product is followed to the last bit, or ours. Default "stream". */
    readonly arithmetic?: "stream" | "ours" | undefined;
  };

export interface MaskPassOptions extends PassOptions {
  /** The decisions by hand, one a draw, instead of drawn ones. */
  readonly mask?: GivenMask;
  /** One id for each row of the first axis: a row's mask depends on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
  /** Lengths of the axes of `x`. */
  readonly shape?: Shape;
  /** Takes the result; may be `x` itself. */
  readonly out?: FloatArray;
}

export interface MaskLayerState extends LayerState {
  /** This or `keep`, whichever was given. */
  readonly rate?: number;
  readonly keep?: number;
  readonly scaling: Scaling;
  readonly arithmetic?: "stream" | "ours";
}

/** What is to be known of a forward pass to go back through it: enough to draw its mask again, or the mask itself. */
interface MaskPass {
  readonly mode: Mode;
  readonly keep: number;
  readonly layout: Layout;
  readonly key: Key | undefined;
  /** A mask given by hand or taken from a foreign stream: one bit a draw. */
  readonly given: PackedMask | undefined;
}

/** Layers that multiply by a Bernoulli mask: what `Dropout`, `SpatialDropout`, `DropPath` and others share. */
export abstract class MaskLayer extends RateLayer<MaskPass> {
  readonly scaling: PathScaling;
  readonly #arithmetic: "stream" | "ours";

  /** As `StochasticLayer`'s, which see; `scaling` is passed by layers that know more than two. */
  protected constructor(name: string, options: MaskLayerOptions, takes: Takes = {}, scaling?: PathScaling) {
    const own: Takes = { options: ["scaling", "arithmetic"], pass: ["mask", "sampleIds", "out", "shape"] };
    super(name, options, bothTake(own, takes), options?.stream);
    this.scaling = scaling ?? checkScaling(name, options.scaling ?? "inverted");
    this.#arithmetic = options.arithmetic ?? "stream";
    if (this.#arithmetic !== "stream" && this.#arithmetic !== "ours") {
      throw rangeError(name, "arithmetic", '"stream" or "ours"', options.arithmetic);
    }
    if (options.arithmetic !== undefined && options.stream === undefined) {
      throw new TypeError(`${name}: arithmetic goes with stream; with a key the arithmetic is always ours`);
    }
  }

  /** The forward pass: `layout` says how the draws lie over `x`. */
  protected masked<X extends FloatInput>(x: X, options: MaskPassOptions, layout: LayoutOptions): Like<X> {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    const values = toFloatArray(where, "x", x);
    const { sampleIds } = options;
    const { shape, sharedAxes } = layout;
    // By its names: V8 takes microseconds to spread an object into another.
    const laidOut = layoutOf(where, values.length, { shape, sharedAxes, sampleIds });
    const out = outputFor(where, values, options.out);
    const given = pass.mode === "eval" ? undefined : this.#givenMask(where, options, laidOut, values);
    const memory = { mode: pass.mode, keep: this.keep, layout: laidOut, key: pass.key, given };
    this.#apply(values, out, memory);
    this.done(pass, memory);
    return out as Like<X>;
  }

  /** The shape of this pass, for layers that need one. */
  protected givenShape(options: { readonly shape?: Shape } | null | undefined): Shape {
    if (options?.shape === undefined) {
      throw new TypeError(
        `${this.name}.forward: shape is missing; pass { shape: [2, 3, 4] }, the lengths of the axes of x`,
      );
    }
    if (!Array.isArray(options.shape)) {
      throw typeError(`${this.name}.forward`, "shape", "an array of lengths", options.shape);
    }
    return options.shape;
  }

  /** The mask that this pass does not draw from a key: a copy of one given by hand, or the next of a foreign stream. */
  #givenMask(where: string, options: MaskPassOptions, layout: Layout, x: FloatArray): PackedMask | undefined {
    checkIdsHaveKey(where, options, this.stream);
    const { mask } = options;
    if (mask !== undefined) return toPackedMask(where, mask, layout.whole.draws).slice();
    return this.stream?.keepMask(layout.whole.draws, requestFor(x, this.keep, layout));
  }

  #apply(x: FloatArray, out: FloatArray, pass: MaskPass): void {
    const { key, given, layout, keep } = pass;
    const scale = this.scaling === "inverted" ? 1 / keep : 1;
    if (pass.mode === "eval") scaleInEval(x, out, keep, this.scaling);
    else if (given === undefined) multiplyLaidOut(x, out, keep, key!, scale, layout, 0);
    else {
      const arithmetic = this.#foreignArithmetic(x, pass);
      if (arithmetic === undefined) multiplyByShared(x, out, given, scale, layout.whole);
      else applyArithmetic(x, out, expandMask(given, layout.whole), arithmetic);
    }
  }

  #foreignArithmetic(x: FloatArray, { keep, layout }: MaskPass): Arithmetic | undefined {
    if (this.#arithmetic === "ours" || this.scaling !== "inverted") return undefined;
    return this.stream?.arithmetic(requestFor(x, keep, layout));
  }

  /**
   * The gradient with respect to the input of the last `forward`, whatever the mode is now: same mode, same mask.
   *
   * @param options `step` (or `pass`) chooses another of the last 32 passes, for a layer that stands at several
   *   places; `out` takes the result.
   * @throws {Error} If there was no forward pass, or several and it is not said which. @throws {RangeError} If `dy` is
   *   not as long as that input.
   */
  backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const where = `${this.name}.backward`;
    const last = this.remembered(where, options);
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, last.layout.whole.size, "like x");
    const out = outputFor(where, values, options.out);
    this.#apply(values, out, last);
    return out as Like<X>;
  }

  /**
   * The packed mask of the last forward pass that had one, 1 bit a draw; undefined after `eval` or before a first
   * pass.
   */
  get mask(): PackedMask | undefined {
    const last = this.memory;
    if (last === undefined || last.mode === "eval") return undefined;
    return last.given === undefined ? drawLaidOut(last.keep, last.key!, last.layout) : last.given.slice();
  }

  /** The part of the state that all mask layers have. */
  protected get maskState(): Omit<MaskLayerState, "layer"> {
    const arithmetic = this.stream && { arithmetic: this.#arithmetic };
    return { ...this.givenRate, scaling: this.scaling as Scaling, ...arithmetic, ...this.basics };
  }

  protected override get remembers(): number {
    return REMEMBERED_PASSES;
  }
}

/** What to ask a foreign stream for. */
function requestFor(x: FloatArray, keep: number, layout: Layout): MaskRequest {
  const dtype = x instanceof Float32Array ? "float32" : "float64";
  return { keep, dtype, shared: !isElementwise(layout.whole) };
}

/** `out = x` (inverted, none) or `out = keep * x` (classic). */
export function scaleInEval(x: FloatArray, out: FloatArray, keep: number, scaling: PathScaling): void {
  if (scaling !== "classic") multiplyAll(x, out, 1);
  else if (keep === 0)
    out.fill(0); // not 0 * x, which is NaN for infinite x
  else multiplyAll(x, out, keep);
}
