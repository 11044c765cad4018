// Layers whose noise is a continuous multiplier: drawn, applied, and drawn again for the gradient. A layer on top of
// this says which distribution, and what of it is learned.

import { checkLength, outputFor, toFloatArray } from "../../check.js";
import { multiplyAll } from "../../noise/bernoulli.js";
import { multiplyByEvaluated, multiplyByNoise } from "../../noise/multiply.js";
import type { Gradients, LearnedNoise, Noise } from "../../noise/noise.js";
import { drawWeights, forEachKey } from "../../placement/draws.js";
import { checkAxisList, type Layout, layoutOf, type Shape } from "../../placement/shape.js";
import type { FloatArray, FloatInput, Key, Like, Mode } from "../../types.js";
import {
  bothTake,
  type GradientOptions,
  type LayerOptions,
  type LayerState,
  type PassOptions,
  penaltyWeightOf,
  REMEMBERED_PASSES,
  StochasticLayer,
  type Takes,
} from "./stochastic-layer.js";

export interface NoiseLayerOptions extends LayerOptions {
  /** Axes along which all elements share one draw, as for {@link SpatialDropout}; `forward` then needs `shape`. */
  readonly sharedAxes?: readonly number[] | undefined;
}

export interface NoisePassOptions extends PassOptions {
  /** Lengths of the axes of `x`; needed with `sharedAxes`. */
  readonly shape?: Shape;
  /** One id for each row of the first axis: a row's draws depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
  /** Takes the result; may be `x` itself. */
  readonly out?: FloatArray;
}

export interface NoiseLayerState extends LayerState {
  readonly sharedAxes?: readonly number[];
}

/** What is to be known of a forward pass to go back through it. */
interface NoisePass {
  readonly mode: Mode;
  readonly layout: Layout;
  readonly key: Key | undefined;
  /** The noise, with the parameters that it had. */
  readonly noise: Noise | LearnedNoise;
  /** A copy of the input, where the gradients of learned parameters need it. */
  readonly x: FloatArray | undefined;
}

const isLearned = (noise: Noise): noise is LearnedNoise => "addGradients" in noise;

/** Layers that multiply by a continuous noise: what `GaussianDropout`, `ConcreteDropout` and others share. */
export abstract class NoiseLayer extends StochasticLayer<NoisePass> {
  readonly sharedAxes: readonly number[] | undefined;

  protected constructor(name: string, options: NoiseLayerOptions, takes: Takes = {}) {
    super(name, options, bothTake(takes, { options: ["sharedAxes"], pass: ["shape", "sampleIds", "out"] }));
    const { sharedAxes } = options;
    this.sharedAxes = sharedAxes === undefined ? undefined : checkAxisList(name, "sharedAxes", sharedAxes);
  }

  /** The noise with the parameters as they are now; later changes of the parameters must not change it. */
  protected abstract noise(): Noise | LearnedNoise;

  /** How many units the parameters distinguish: draws must come in multiples of it. */
  protected get units(): number {
    return 1;
  }

  /** Where the noise adds its gradients. */
  protected get gradientSinks(): Gradients {
    return this.gradients as Gradients;
  }

  /**
   * Turns gradients of the noise's parameters into those of the layer's, and adds `weight` times the gradient of the
   * penalty.
   */
  protected completeGradients(_weight: number): void {}

  /**
   * Multiplies by the noise of the present mode.
   *
   * @param options `step` (in "train") or `pass` (in "sample") sets the counter before the call; after it the counter
   *   is one higher. `sampleIds` gives one id a row of the batch, `shape` the axes, `out` takes the result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(x: X, options: NoisePassOptions = {}): Like<X> {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    const values = toFloatArray(where, "x", x);
    const { shape, sampleIds } = options;
    const layout = layoutOf(where, values.length, { shape, sharedAxes: this.sharedAxes, sampleIds });
    this.#checkUnits(where, layout);
    const out = outputFor(where, values, options.out);
    const noise = this.noise();
    const kept = isLearned(noise) ? values.slice() : undefined;
    const memory: NoisePass = { mode: pass.mode, layout, key: pass.key, noise, x: kept };
    apply(values, out, memory);
    this.done(pass, memory);
    return out as Like<X>;
  }

  #checkUnits(where: string, layout: Layout): void {
    const draws = layout.rows?.each.draws ?? layout.whole.draws;
    if (draws % this.units !== 0) {
      throw new RangeError(`${where}: x must have a multiple of ${this.units} draws (units), got ${draws}`);
    }
  }

  /**
   * The gradient with respect to the input of the last `forward`, whatever the mode is now: same mode, same draws,
   * same parameters. Writes the gradients of the learned parameters to `gradients`.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as that input.
   */
  backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const where = `${this.name}.backward`;
    const last = this.remembered(where, options);
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, last.layout.whole.size, "like x");
    const out = outputFor(where, values, options.out);
    const penaltyWeight = penaltyWeightOf(where, options);
    for (const gradient of Object.values(this.gradients)) gradient.fill(0);
    addParameterGradients(this.gradientSinks, values, last);
    this.completeGradients(penaltyWeight);
    apply(values, out, last);
    return out as Like<X>;
  }

  /** Where something is learned, a copy of the input is kept of each pass. */
  protected override get remembers(): number {
    return Object.keys(this.parameters).length === 0 ? REMEMBERED_PASSES : 1;
  }

  /** The multipliers of the last forward pass, one a draw, drawn again; undefined before one. */
  get multipliers(): Float64Array | undefined {
    const last = this.memory;
    if (last === undefined) return undefined;
    const { draws } = last.layout.whole;
    if (last.key === undefined) return Float64Array.from({ length: draws }, (_, d) => last.noise.evaluated(d));
    const out = new Float64Array(draws);
    forEachKey(last.key, last.layout, (key, part, _xStart, drawStart) => {
      last.noise.sample(out.subarray(drawStart, drawStart + part.draws), key, 0);
    });
    return out;
  }

  /** The part of the state that all noise layers have. */
  protected get noiseState(): Omit<NoiseLayerState, "layer"> {
    return { ...(this.sharedAxes && { sharedAxes: this.sharedAxes }), ...this.basics };
  }
}

/** `out = x * multiplier`: forward for x, backward for dy. */
function apply(x: FloatArray, out: FloatArray, { key, noise, layout }: NoisePass): void {
  if (key === undefined) multiplyByEvaluated(x, out, noise, layout);
  else if (noise.constant === undefined) multiplyByNoise(x, out, noise, key, layout);
  else if (noise.constant === 0)
    out.fill(0); // not 0 * x, which is NaN for infinite x
  else multiplyAll(x, out, noise.constant);
}

function addParameterGradients(gradients: Gradients, dy: FloatArray, { key, noise, layout, x }: NoisePass): void {
  if (x === undefined || !isLearned(noise) || noise.constant !== undefined) return;
  if (key === undefined) {
    noise.addEvaluatedGradients(gradients, drawWeights(x, dy, layout.whole, 0));
    return;
  }
  forEachKey(key, layout, (partKey, part, xStart) => {
    noise.addGradients(gradients, drawWeights(x, dy, part, xStart), partKey, 0);
  });
}
