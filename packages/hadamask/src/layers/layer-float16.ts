// Layers on arrays in half precision: converts on the way in and out, so that every layer takes them alike.

import { rangeError } from "../check.js";
import { fromFloat16, toFloat16 } from "../special/half.js";
import type { FloatArray } from "../types.js";
import { type HalfArray, halfBits, halfLike } from "./half-arrays.js";

/** A layer with one array in and one out: all of hadamask's but attention, which takes three. */
export interface OneArrayLayer<Forward, Backward> {
  forward(x: Float32Array, options?: Forward): FloatArray;
  backward(dy: Float32Array, options?: Backward): FloatArray;
}

/**
 * The forward pass of a layer on half precision: bits (`Uint16Array`), or a `Float16Array` where there is one.
 *
 *     y = fl16(layer.forward(x as float32))
 *
 * Shapes, Randomness. Those of the layer; masks do not depend on the element type.
 * Numerics. The layer computes in float32, and its result is rounded once to half precision, infinite from 65520 on.
 *   {@link dropoutFloat16} rounds `scale` first, as frameworks do in half precision, so the two may differ in the last
 *   bit.
 * Cost. Two conversions and a float32 array in addition to the layer.
 *
 * @param options Those of `layer.forward`, but no `out`: what is returned is a new array.
 * @throws {TypeError | RangeError} As the layer, or if `x` is not in half precision.
 * @example
 * ```ts
 * import { Dropout, forwardFloat16, fromFloat16, key, toFloat16 } from "hadamask";
 * const y = forwardFloat16(new Dropout({ rate: 0.5, key: key(0) }), toFloat16([2, 4, 6, 8]), { step: 0 });
 * console.log(fromFloat16(y).every((value, i) => value === 0 || value === 4 * (i + 1))); // true
 * ```
 */
export function forwardFloat16<X extends HalfArray, Options>(
  layer: Pick<OneArrayLayer<Options, never>, "forward">,
  x: X,
  options?: Options,
): X {
  const values = inFloat32("forwardFloat16", "x", x, options);
  return halfLike(x, toFloat16(options === undefined ? layer.forward(values) : layer.forward(values, options)));
}

/**
 * The backward pass that belongs to {@link forwardFloat16}: the gradient with respect to `x`, in half precision.
 * Gradients of the layer's own weights stay in float32, in the layer.
 *
 * @throws {TypeError | RangeError} As the layer, or if `dy` is not in half precision.
 * @example
 * ```ts
 * import { backwardFloat16, Dropout, forwardFloat16, key, toFloat16 } from "hadamask";
 * const layer = new Dropout({ rate: 0.5, key: key(0) });
 * const ones = toFloat16([1, 1, 1]);
 * const y = forwardFloat16(layer, ones);
 * console.log(backwardFloat16(layer, ones).every((bits, i) => bits === y[i])); // true
 * ```
 */
export function backwardFloat16<X extends HalfArray, Options>(
  layer: Pick<OneArrayLayer<never, Options>, "backward">,
  dy: X,
  options?: Options,
): X {
  const values = inFloat32("backwardFloat16", "dy", dy, options);
  return halfLike(dy, toFloat16(options === undefined ? layer.backward(values) : layer.backward(values, options)));
}

function inFloat32(where: string, name: string, array: unknown, options: unknown): Float32Array {
  const bits = halfBits(where, name, array);
  const { out } = (options ?? {}) as { out?: unknown };
  if (out !== undefined) throw rangeError(where, "out", "left out", out, "a new array is returned");
  return fromFloat16(bits);
}
