// Dropout of arrays in half precision, as bits or as `Float16Array`. Converts on the way in and out.

import { checkLength } from "../check.js";
import { fromFloat16, roundToHalf, toFloat16 } from "../special/half.js";
import { type DropoutOptions, scaleByMask } from "./dropout.js";
import { type HalfArray, halfBits, halfLike } from "./half-arrays.js";

/** Options of {@link dropout}, with an output of the input's kind. */
export type HalfDropoutOptions<X extends HalfArray> = DropoutOptions extends infer Options
  ? Options extends object
    ? Omit<Options, "out"> & { readonly out?: X }
    : never
  : never;

/**
 * {@link dropout} of half precision: the bits of it (`Uint16Array`), or a `Float16Array` where there is one.
 *
 *     y[i] = x[i] * scale   if element i is kept, else +0          scale = 1 / keep, or 1 ("classic")
 *
 * Randomness. The masks of {@link dropout}: they do not depend on the element type.
 * Numerics. `scale` is rounded once to half precision, and so is the product: the same bits as on a GPU with
 *   hadamask's kernels. A dropped NaN or infinity becomes +0.
 * Cost. Two conversions and a float32 array in addition to one pass of {@link dropout}.
 *
 * @throws {TypeError | RangeError} As {@link dropout}, or if `x` or `out` is not in half precision.
 * @example
 * ```ts
 * import { dropoutFloat16, fromFloat16, key, toFloat16 } from "hadamask";
 * const y = dropoutFloat16(toFloat16([2, 4, 6, 8]), { rate: 0.5, key: key(0) });
 * console.log(fromFloat16(y)); // Float32Array(4) [ 0, 8, 0, 16 ]
 * ```
 */
export function dropoutFloat16<X extends HalfArray>(x: X, options: HalfDropoutOptions<X>): X {
  return ofHalf("dropoutFloat16", "x", x, options);
}

/**
 * The gradient of {@link dropoutFloat16} with respect to its input, for the same options: the same mask, drawn again.
 *
 * @example
 * ```ts
 * import { dropoutFloat16Backward, fromFloat16, toFloat16 } from "hadamask";
 * const dx = dropoutFloat16Backward(toFloat16([1, 1]), { rate: 0.5, mask: [1, 0] });
 * console.log(fromFloat16(dx)); // Float32Array(2) [ 2, 0 ]
 * ```
 */
export function dropoutFloat16Backward<X extends HalfArray>(dy: X, options: HalfDropoutOptions<X>): X {
  return ofHalf("dropoutFloat16Backward", "dy", dy, options);
}

function ofHalf<X extends HalfArray>(where: string, name: string, input: X, options: HalfDropoutOptions<X>): X {
  const bits = halfBits(where, name, input);
  const { out: given, ...rest } = (options ?? {}) as { out?: X };
  const out = given === undefined ? bits : halfBits(where, "out", given);
  checkLength(where, "out", out.length, bits.length, "like the input");
  const values = fromFloat16(bits);
  scaleByMask(where, name, values, { ...rest, out: values } as never, roundToHalf);
  if (given === undefined) return halfLike(input, toFloat16(values));
  toFloat16(values, out);
  return given;
}
