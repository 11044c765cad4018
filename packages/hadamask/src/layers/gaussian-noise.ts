// Additive normal noise. Not dropout, but the neighbour that every framework puts beside it.

import { checkAbove, checkLength, outputFor, toFloatArray } from "../check.js";
import { multiplyAll } from "../noise/bernoulli.js";
import { forEachKey } from "../placement/draws.js";
import { checkAxisList, forEachRun, type Layout, layoutOf } from "../placement/shape.js";
import { drawNormals } from "../random/normal.js";
import type { FloatArray, FloatInput, Key, Like } from "../types.js";
import type { NoiseLayerOptions, NoiseLayerState, NoisePassOptions } from "./base/noise-layer.js";
import { resume } from "./base/resume.js";
import { type GradientOptions, REMEMBERED_PASSES, StochasticLayer } from "./base/stochastic-layer.js";

export type GaussianNoiseOptions = NoiseLayerOptions & {
  /** Standard deviation of the noise: finite, 0 or more. */
  readonly deviation: number;
};

/** All that a {@link GaussianNoise} layer needs to go on as if it had never stopped. */
export interface GaussianNoiseState extends NoiseLayerState {
  readonly layer: "GaussianNoise";
  readonly deviation: number;
}

/**
 * Adds a normal number to each element.
 *
 *     train, sample   y = x + N(0, deviation^2)
 *     eval            y = x                             dx = dy in all modes
 *
 * Shapes. Any; `sharedAxes` and `shape` as for {@link SpatialDropout}.
 * Randomness. Draw d adds normal number d under the key of the pass (mask stream 1).
 * Numerics. The sum is formed in float64 and rounded once. Deviation 0 copies and draws nothing.
 * Cost. One normal number a draw; the backward pass copies.
 *
 * @throws {TypeError | RangeError} If `deviation` is missing, negative or not finite, or an option has the wrong kind.
 * @example
 * ```ts
 * import { GaussianNoise, key } from "hadamask";
 * const layer = new GaussianNoise({ deviation: 0.1, key: key(1) });
 * layer.forward([1, 2, 3]);
 * console.log(layer.backward([1, 2, 3])); // Float64Array(3) [ 1, 2, 3 ]
 * ```
 * @see Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural Computation 7 (1995).
 */
export class GaussianNoise extends StochasticLayer<{ readonly size: number }> {
  /** Standard deviation. */
  readonly deviation: number;
  readonly sharedAxes: readonly number[] | undefined;

  constructor(options: GaussianNoiseOptions) {
    const name = "GaussianNoise";
    super(name, options, { options: ["deviation", "sharedAxes"], pass: ["shape", "sampleIds", "out"] });
    const { sharedAxes } = options;
    this.deviation = checkAbove(name, "deviation", options.deviation, 0, true);
    this.sharedAxes = sharedAxes === undefined ? undefined : checkAxisList(name, "sharedAxes", sharedAxes);
  }

  /**
   * Adds the noise of the present mode.
   *
   * @param options `step` or `pass` sets the counter before the call. `sampleIds` gives one id a row of the batch,
   *   `shape` the axes, `out` takes the result.
   * @throws {TypeError | RangeError} If an option does not fit the mode or the input.
   */
  forward<X extends FloatInput>(x: X, options: NoisePassOptions = {}): Like<X> {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    const values = toFloatArray(where, "x", x);
    const { shape, sampleIds } = options;
    const layout = layoutOf(where, values.length, { shape, sharedAxes: this.sharedAxes, sampleIds });
    const out = outputFor(where, values, options.out);
    if (pass.key === undefined || this.deviation === 0) multiplyAll(values, out, 1);
    else addNormals(values, out, this.deviation, pass.key, layout);
    this.done(pass, { size: values.length });
    return out as Like<X>;
  }

  /**
   * The gradient with respect to the input of the last `forward`: `dy`, for the noise does not depend on the input.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as that input.
   */
  backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const where = `${this.name}.backward`;
    const { size } = this.remembered(where, options);
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, size, "like x");
    const out = outputFor(where, values, options.out);
    multiplyAll(values, out, 1);
    return out as Like<X>;
  }

  protected override get remembers(): number {
    return REMEMBERED_PASSES;
  }

  get state(): GaussianNoiseState {
    const shared = this.sharedAxes && { sharedAxes: this.sharedAxes };
    return { layer: "GaussianNoise", deviation: this.deviation, ...shared, ...this.basics };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link GaussianNoise.state} gave. */
  static fromState(state: GaussianNoiseState): GaussianNoise {
    return resume("GaussianNoise", state, (saved) => new GaussianNoise(saved));
  }
}

/** `out = x + deviation * normal`, one normal number a draw. */
function addNormals(x: FloatArray, out: FloatArray, deviation: number, key: Key, layout: Layout): void {
  forEachKey(key, layout, (partKey, part, xStart) => {
    const normals = new Float64Array(part.draws);
    drawNormals(normals, partKey, 0);
    forEachRun(part, (runStart, length, drawStart, isShared) => {
      const start = xStart + runStart;
      for (let i = 0; i < length; i++) {
        out[start + i] = x[start + i]! + deviation * normals[isShared ? drawStart : drawStart + i]!;
      }
    });
  });
}
