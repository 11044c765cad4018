// Is a gradient right? Central differences of the forward pass, with every random draw frozen.

import { checkLength, rangeError, toFloatArray, typeError } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";

export interface GradientCheck {
  /** Largest difference of a component, over the largest component of either gradient; 0 where both gradients are 0. */
  readonly error: number;
  /** The component with the largest difference. */
  readonly at: number;
  /** The gradient by central differences. */
  readonly numerical: Float64Array;
}

export interface DifferenceOptions {
  /** Half the width of a difference at |x| <= 1, relative to |x| above. Default 1e-5. */
  readonly step?: number;
}

/**
 * The gradient of `f` at `x` by central differences in float64.
 *
 *     g[i] = (f(x + h e_i) - f(x - h e_i)) / 2h      h = step * max(1, |x[i]|)
 *
 * Randomness. `f` has to be the same function at every call: freeze its draws (one key and step, or one mask given by
 * hand).
 * Numerics. The error is about h^2 f''' / 6 + 1e-16 |f| / h: near 1e-10 for values and derivatives of order 1. `f`
 *   gets a `Float64Array` and should stay in float64.
 * Cost. Two calls of `f` a component; the array handed over is reused.
 *
 * @throws {TypeError | RangeError} If `step` is not above 0, or `f` returns no finite number.
 * @example
 * ```ts
 * import { numericalGradient } from "hadamask/theory";
 * const slope = numericalGradient(([x]) => x! ** 3, [2])[0]!;
 * console.log(slope.toFixed(6)); // 12.000000
 * ```
 */
export function numericalGradient(
  f: (x: Float64Array) => number,
  x: FloatInput,
  options: DifferenceOptions = {},
): Float64Array {
  return differences("numericalGradient", f, x, options);
}

/**
 * Compares a gradient with central differences of the function it belongs to.
 *
 * Randomness. As {@link numericalGradient}: freeze the draws of `f`. A mask that is drawn anew at each call makes
 * every gradient wrong.
 * Numerics. A right gradient in float64 has an error below 1e-7 at the default step, and mostly below 1e-9, unless x
 *   lies within a step of a kink (ReLU at 0).
 *
 * @param gradient What is claimed for the gradient of `f` at `x`.
 * @throws {TypeError | RangeError} As {@link numericalGradient}, or if `gradient` is not as long as `x`.
 * @example
 * ```ts
 * import { dropout, dropoutBackward, key } from "hadamask";
 * import { checkGradient } from "hadamask/theory";
 * const options = { rate: 0.5, key: key(1) };
 * const loss = (x: Float64Array) => dropout(x, options).reduce((sum, y) => sum + y ** 2, 0);
 * const x = new Float64Array([0.5, -1, 2]);
 * const dy = dropout(x, options).map((y) => 2 * y);
 * console.log(checkGradient(loss, x, dropoutBackward(dy, options)).error < 1e-7); // true
 * ```
 */
export function checkGradient(
  f: (x: Float64Array) => number,
  x: FloatInput,
  gradient: FloatInput,
  options: DifferenceOptions = {},
): GradientCheck {
  const where = "checkGradient";
  const claimed = toFloatArray(where, "gradient", gradient);
  checkLength(where, "gradient", claimed.length, x.length, "like x");
  const numerical = differences(where, f, x, options);
  let at = 0;
  let largest = 0;
  let size = 0;
  for (let i = 0; i < numerical.length; i++) {
    const gap = Math.abs(claimed[i]! - numerical[i]!);
    // Positively worded, so that a NaN in the claimed gradient counts as the worst.
    if (!(gap <= largest)) [largest, at] = [Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap, i];
    size = Math.max(size, Math.abs(numerical[i]!), Math.abs(claimed[i]!) || 0);
  }
  return { error: largest === 0 ? 0 : largest / size, at, numerical };
}

function differences(
  where: string,
  f: (x: Float64Array) => number,
  x: FloatInput,
  options: DifferenceOptions,
): Float64Array {
  checkOptions(where, options, ["step"]);
  if (typeof f !== "function") throw typeError(where, "f", "a function of a Float64Array", f);
  const step = options.step ?? 1e-5;
  if (!(step > 0 && step < 1)) throw rangeError(where, "step", "above 0 and below 1", step);
  const point = Float64Array.from(toFloatArray(where, "x", x));
  return Float64Array.from(point.keys(), (i) => {
    const middle = point[i]!;
    const h = step * Math.max(1, Math.abs(middle));
    point[i] = middle + h;
    const above = finite(where, f(point));
    // What x +- h really is in float64, so that the width of the difference is exact.
    const upper = point[i]!;
    point[i] = middle - h;
    const below = finite(where, f(point));
    const lower = point[i]!;
    point[i] = middle;
    return (above - below) / (upper - lower);
  });
}

function finite(where: string, value: number): number {
  if (!Number.isFinite(value)) throw rangeError(where, "f(x)", "a finite number near x", value);
  return value;
}
