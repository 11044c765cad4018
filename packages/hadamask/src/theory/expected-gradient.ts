// The mean of a dropout gradient over masks, exactly, beside the gradient without dropout. They differ unless the
// loss is linear.

import { checkLength } from "../check.js";
import { dropout, dropoutBackward } from "../layers/dropout.js";
import type { FloatInput } from "../types.js";
import { expectedVector } from "./enumerate.js";
import { affine, toVector } from "./matrix.js";
import { checkLaw, type DropoutLaw } from "./moments.js";

export interface ExpectedGradient {
  /** E[dL/dx] over all masks, which is the gradient of E[L]. */
  readonly expected: Float64Array;
  /** dL/dx at the network without dropout. */
  readonly clean: Float64Array;
  /** E[dL/dy] over all masks. */
  readonly upstream: Float64Array;
  /** E[dL/dy_i] over the masks that keep element i; NaN where no mask does. */
  readonly upstreamWhereKept: Float64Array;
}

/**
 * Averages the gradient of a loss L(y), y = dropout(x), over all masks.
 *
 * With inverted scaling `expected` equals `upstreamWhereKept`, always. It equals `upstream` and `clean` only if dL/dy
 * does not depend on the masks, that is for a loss linear in y: in general dropout does not keep the expected
 * gradient, it descends another loss, E[L].
 *
 * Cost. 3 * 2^n calls of `gradient`; at most 24 elements.
 *
 * @param gradient dL/dy at y.
 * @throws {TypeError | RangeError} If `x` has more than 24 elements, or `gradient` does not return as many numbers as
 *   `x` has.
 * @example
 * ```ts
 * import { expectedGradient } from "hadamask/theory";
 * const square = (y: Float64Array) => y.map((v) => 2 * v); // L = y^2
 * const { expected, clean } = expectedGradient([3], square, { keep: 0.5 });
 * console.log(expected[0], clean[0]); // 12 6
 * ```
 */
export function expectedGradient(
  x: FloatInput,
  gradient: (y: Float64Array) => FloatInput,
  law: DropoutLaw,
): ExpectedGradient {
  const where = "expectedGradient";
  const values = toVector(where, "x", x);
  const { keep, scaling } = checkLaw(where, law);
  const at = (mask: Uint8Array | undefined): Float64Array => {
    const options = { keep, scaling };
    const y =
      mask === undefined ? dropout(values, { ...options, mode: "eval" }) : dropout(values, { ...options, mask });
    const dy = gradient(y);
    checkLength(where, "gradient(y)", dy.length, values.length, "like x");
    return Float64Array.from(dy);
  };
  const bits = { n: values.length, keep };
  const clean = dropoutBackward(at(undefined), { keep, scaling, mode: "eval" });
  const expected = expectedVector(bits, (mask) => dropoutBackward(at(mask), { keep, scaling, mask }));
  const keptPart = expectedVector(bits, (mask) => at(mask).map((g, i) => (mask[i] === 1 ? g : 0)));
  return { expected, clean, upstream: expectedVector(bits, at), upstreamWhereKept: keptPart.map((g) => g / keep) };
}

/**
 * {@link expectedGradient} in closed form for L = (w . y - target)^2 / 2 with inverted scaling.
 *
 *     E[dL/dx_i] = w_i (w . x - target) + rate / keep * w_i^2 x_i
 *
 * The first term is the gradient without dropout; the second is the gradient of the L2 penalty that dropout amounts to.
 *
 * @throws {TypeError | RangeError} If `weights` and `x` differ in length.
 * @example
 * ```ts
 * import { expectedGradientOfSquare } from "hadamask/theory";
 * console.log(expectedGradientOfSquare([1, 1, 2], [1, 2, -1], 0.5, { keep: 0.5 })); // Float64Array(3) [ 1.5, 5, 1.5 ]
 * ```
 */
export function expectedGradientOfSquare(
  x: FloatInput,
  weights: FloatInput,
  target: number,
  law: DropoutLaw,
): Float64Array {
  const where = "expectedGradientOfSquare";
  const values = toVector(where, "x", x);
  const w = toVector(where, "weights", weights);
  checkLength(where, "weights", w.length, values.length, "like x");
  const { keep, rate } = checkLaw(where, law);
  const residual = affine([w], values)[0]! - target;
  return Float64Array.from(values, (v, i) => w[i]! * residual + (rate / keep) * w[i]! ** 2 * v);
}
